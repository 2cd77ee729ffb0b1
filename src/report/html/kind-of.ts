import { isLibraryName } from '../../elf/is-library-name.ts';

/** What files are for, in the order in which their colours are told apart best. */
export const KINDS = [
  'Native libraries',
  'JavaScript',
  'Python',
  'Bytecode',
  'Models and weights',
  'Source maps',
  'Data and text',
  'Other',
] as const;
export type Kind = (typeof KINDS)[number];

const BY_EXTENSION: Readonly<Record<string, Kind>> = Object.fromEntries(
  (
    [
      ['Native libraries', 'node so dylib dll exe a o pyd wasm'],
      ['JavaScript', 'js mjs cjs jsx ts mts cts tsx'],
      ['Python', 'py pyi pyx pxd'],
      ['Bytecode', 'pyc pyo'],
      ['Models and weights', 'onnx ort pt pth safetensors tflite pb h5 keras npy npz gguf joblib pkl'],
      ['Source maps', 'map'],
      [
        'Data and text',
        'json jsonc yaml yml toml ini cfg txt md rst csv tsv xml html css svg png jpg jpeg gif webp ttf otf woff woff2 dat pem sql proto',
      ],
    ] as const
  ).flatMap(([kind, extensions]) => extensions.split(' ').map(extension => [extension, kind] as const)),
);

/** Says what a file is for by its path; `isNative` where its bytes were found to be those of a library or program. */
export function kindOf(path: string, isNative: boolean): Kind {
  if (isNative) return 'Native libraries';
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isLibraryName(path)) return 'Native libraries';
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
  if (Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension] as Kind;
  return /\.(?:dist|egg)-info\//.test(path) ? 'Data and text' : 'Other';
}
