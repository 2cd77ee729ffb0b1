/** Kinds of files by what their names end in; the first that fits. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['native libraries', /\.(?:so(?:\.[\d.]+)?|node|dylib|dll|pyd)$/i],
  ['source maps', /\.map$/i],
  ['type declarations', /\.(?:d\.[cm]?ts|pyi)$/i],
  ['JavaScript', /\.(?:[cm]?js|jsx)$/i],
  ['TypeScript', /\.(?:[cm]?ts|tsx)$/i],
  ['Python bytecode', /\.py[co]$/i],
  ['Python', /\.py$/i],
  ['compressed libraries', /^\.lambda-slim\//],
  ['models', /\.(?:onnx|ort|pt|pth|pb|tflite|safetensors|gguf|h5|keras|bin|weights|joblib|pkl)$/i],
  ['WebAssembly', /\.wasm$/i],
  ['data', /\.(?:json|ya?ml|toml|csv|tsv|xml|ini|cfg|parquet|npy|npz|dat|db|sqlite3?|gz|zip|xz|zst|br)$/i],
  ['pictures and fonts', /\.(?:png|jpe?g|gif|webp|svg|ico|ttf|otf|woff2?)$/i],
  ['sources of C and C++', /\.(?:c|cc|cpp|cxx|h|hpp|hh|pxd|pyx|a|lib|o)$/i],
  ['licences', /(?:^|\/)(?:licen[cs]e|notice|copying|third-party)[^/]*$/i],
  ['texts', /\.(?:md|markdown|txt|rst|html?|css)$|(?:^|\/)(?:readme|changelog|authors)[^/]*$/i],
];

/** What kind of file a path in an artifact is, by its name alone. */
export function kindOf(path: string): string {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'others';
}
