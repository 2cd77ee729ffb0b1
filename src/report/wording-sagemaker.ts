import type { SagemakerFinding } from '../findings-sagemaker.ts';
import { formatBytesPair } from './bytes.ts';
import type { Wording } from './wording.ts';

type Of<C extends SagemakerFinding['code']> = Extract<SagemakerFinding, { readonly code: C }>;

const AGAIN = 'Give the folder instead of the archive; lambda-slim lays it out anew.';

/** What is to be said of archives for SageMaker. */
export const SAGEMAKER_WORDINGS: {
  readonly [C in SagemakerFinding['code']]: (finding: Of<C>) => Wording;
} = {
  SAGEMAKER_DISK: ({ bytes, limit, copies, level }) => {
    const [all, most] = formatBytesPair(bytes, limit);
    const often = copies > 1 ? `, laid down ${copies} times as TorchServe does it,` : '';
    const verb = level === 'error' ? 'takes' : 'may take';
    return {
      message: `The archive with what is unpacked of it${often} ${verb} ${all} of disk, and a serverless endpoint has ${most}, whatever its memory.`,
      hint: 'Leave files out that inference does not need (checkpoints, optimizer states, other formats), or store the weights in half precision.',
    };
  },
  SAGEMAKER_INSTALLS: ({ path, seconds }) => ({
    message: `${path} is installed by pip each time a container starts, from the network, and all of the start has ${seconds} s.`,
    hint: 'Vendor the packages instead: `pip install --target code/lib -r code/requirements.txt --platform manylinux2014_x86_64 --only-binary=:all:`, and take the file away; or publish a function, whose packages are vendored.',
  }),
  SAGEMAKER_REQUIREMENTS_UNREAD: ({ path }) => ({
    message: `${path} is not read by TensorFlow Serving's container, since code/lib is there.`,
    hint: 'Install into code/lib what it asks for, and take the file away.',
  }),
  SAGEMAKER_VERSION_ZERO: ({ path }) => ({
    message: `${path} is version 0 of a model, whose number the container loses, so that it finds none.`,
    hint: 'Name the folder 1.',
  }),
  SAGEMAKER_WRAPPED: ({ folder }) => ({
    message: `All of the archive lies in ${folder}/, and the container looks for the model and for code/ at its root.`,
    hint: `Make it with \`tar -C ${folder} -czf model.tar.gz .\`. ${AGAIN}`,
  }),
  SAGEMAKER_LINKS: ({ paths, count }) => ({
    message: `The archive has links (${list(paths, count)}), which are refused or lead nowhere where it is unpacked.`,
    hint: `Make it with \`tar --dereference\`. ${AGAIN}`,
  }),
  SAGEMAKER_STRAY: ({ paths, count }) => ({
    message: `The archive has files that systems and tools leave behind (${list(paths, count)}); TorchServe takes those of macOS for models.`,
    hint: AGAIN,
  }),
  SAGEMAKER_NO_MODEL: ({ framework }) => ({
    message:
      framework === 'tensorflow'
        ? 'The container of tensorflow finds no model: no saved_model.pb lies in a folder with a number for its name.'
        : 'The container of pytorch finds no model: neither a .pt or .pth file nor code/inference.py is there.',
    hint:
      framework === 'tensorflow'
        ? 'Save the model as a SavedModel: `model.export("model/1")` or `tf.saved_model.save`.'
        : 'Put the weights at the root as model.pth, and the code that loads them into code/inference.py.',
  }),
  SAGEMAKER_NO_SCRIPT: ({ models }) => ({
    message:
      models === 1
        ? 'Without code/inference.py the container loads the model by itself, which it can do if torch.jit.save wrote it.'
        : `Without code/inference.py the container loads one model in TorchScript by itself; here are ${models} files that may be one.`,
    hint:
      models === 1
        ? 'Nothing to do for TorchScript; a state dict needs code/inference.py with model_fn.'
        : 'Leave one that torch.jit.save wrote; or write code/inference.py with model_fn, which state dicts need.',
  }),
  SAGEMAKER_PROVIDES: ({ packages, image }) => ({
    message: `${packages.join(', ')} stay out of the archive: ${image} has them, or does without.`,
    hint: 'Nothing to do, as long as the versions that it has will do; see docs/sagemaker.md.',
  }),
};

function list(paths: readonly string[], count: number): string {
  return `${paths.join(', ')}${count > paths.length ? `, and ${count - paths.length} more` : ''}`;
}
