import { ARROW, LEARN, NUMPY, ONNX, OPENCV, PILLOW, SCIPY } from '../test/live/wheel-sets.ts';

/** A set of wheels for CPython 3.11, as measured before in facts about other strippers; and what it has to compute. */
export interface StripSet {
  readonly name: string;
  readonly pip: readonly string[];
  /** GNU strip knows only its own machine; elsewhere its cross build has another name. */
  readonly gnuStrip?: string;
  /** Empty where the wheels do not run on this machine. */
  readonly computations: readonly string[];
}

const TENSORFLOW = `
import numpy as np, tensorflow as tf
tf.random.set_seed(1)
model = tf.keras.Sequential([tf.keras.layers.Conv2D(4, 3), tf.keras.layers.Flatten(), tf.keras.layers.Dense(3)])
x = np.ones((2, 8, 8, 1), 'float32')
print(model(x).shape, tf.linalg.svd(tf.constant([[1., 2.], [3., 4.]]))[0].numpy().round(5))
print(tf.io.decode_png(tf.io.encode_png(tf.zeros((4, 4, 3), tf.uint8))).shape, tf.function(lambda y: y * 2 + 1)(x).numpy().sum())
`;

const TORCH = `
import torch
torch.manual_seed(1); torch.set_num_threads(1)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.BatchNorm2d(8), torch.nn.Flatten(), torch.nn.Linear(288, 4)).eval()
x = torch.randn(2, 3, 8, 8)
print(net(x).detach().numpy().round(5).tolist(), torch.linalg.svdvals(x[0, 0]).numpy().round(4).tolist(), torch.fft.rfft(x[0, 0, 0]).abs().sum())
print(torch.jit.trace(net, x)(x).sum(), torch.stft(torch.ones(64), 16, return_complex=True).abs().sum())
`;

const AARCH64 = ['--platform', 'manylinux_2_28_aarch64', '--python-version', '3.11'];
const CUDA_11 = ['nvidia-cublas-cu11==11.10.3.66', 'nvidia-cuda-nvrtc-cu11==11.7.99'];
const CUDA_11_MORE = ['nvidia-cuda-runtime-cu11==11.7.99', 'nvidia-cudnn-cu11==8.5.0.96'];

export const STRIP_SETS: readonly StripSet[] = [
  { name: 'A', pip: ['tensorflow-cpu==2.21.0', 'pillow==12.3.0'], computations: [TENSORFLOW, PILLOW] },
  // The registry has torch for x86_64 with CUDA only, which does not start without 2.5 GB of other wheels.
  {
    name: 'B',
    pip: ['--no-deps', 'torch==2.13.0', 'torchvision==0.28.0', 'pillow==12.3.0'],
    computations: [],
  },
  {
    name: 'B-aarch64',
    gnuStrip: 'aarch64-linux-gnu-strip',
    pip: [...AARCH64, '--no-deps', 'torch==2.13.0', 'numpy==2.4.6', 'scipy==1.17.1'],
    computations: [],
  },
  // An older one whose CUDA wheels are small enough to run it, on the CPU.
  {
    name: 'B-runs',
    pip: [
      '--no-deps',
      'torch==1.13.1',
      'numpy==1.26.4',
      'typing_extensions==4.16.0',
      ...CUDA_11,
      ...CUDA_11_MORE,
    ],
    computations: [TORCH],
  },
  {
    name: 'C',
    pip: ['numpy==2.4.6', 'scipy==1.17.1', 'pandas==3.0.6', 'scikit-learn==1.9.1'],
    computations: [NUMPY, SCIPY, LEARN],
  },
  {
    name: 'D',
    pip: ['onnxruntime==1.30.0', 'pillow==12.3.0', 'numpy==2.4.6'],
    computations: [ONNX, PILLOW, NUMPY],
  },
  { name: 'E', pip: ['pyarrow==25.0.1', 'pandas==3.0.6', 'numpy==2.4.6'], computations: [ARROW, NUMPY] },
  { name: 'F', pip: ['opencv-python-headless==5.0.0.93'], computations: [OPENCV] },
];
