import { ARROW, LEARN, NUMPY, ONNX, OPENCV, SCIPY } from '../test/live/wheel-sets.ts';

/** Megabytes (10^6 bytes) of a tree and of its zip, as measured before for CPython 3.11. */
interface Figure {
  readonly unzipped: number;
  readonly zipped: number | null;
}

/** Packages that functions have together, what they compute, and what others left of them. */
export interface PythonSet {
  readonly name: string;
  readonly requirements: readonly string[];
  /** Source of each module; the handler runs them all. */
  readonly computations: readonly string[];
  /** As pip leaves them, without bytecode; the others are scaled by how much that is for the Python that is built for. */
  readonly raw: Figure;
  readonly safe: Figure;
  readonly exact: Figure | null;
}

const PANDAS = `
import io
import pandas as pd
f = pd.read_csv(io.StringIO('day,kind,n\\n2024-01-31,a,1\\n2024-02-29,b,2.5\\n2024-03-10,a,\\n'), parse_dates=['day'])
print(f.groupby('kind').n.agg(['sum', 'count']).to_dict(), f.set_index('day').n.resample('MS').sum().tolist(), f.merge(f, on='kind').shape)
print(pd.date_range('2024-03-30', periods=2, tz='Europe/Berlin').tolist(), f.to_json(), f.n.rolling(2, 1).mean().tolist())
`;

/** What functions do that classify pictures: formats and drawing that nobody uses would stay at level exact as well. */
const PICTURE = `
import io
import numpy as np
from PIL import Image
out = io.BytesIO(); Image.fromarray((np.indices((48, 64)).sum(0) * 2).astype(np.uint8)).convert('RGB').save(out, 'JPEG')
image = Image.open(io.BytesIO(out.getvalue())).convert('RGB').resize((24, 24), Image.BILINEAR)
print(image.size, (np.asarray(image, np.float32) / 255).mean().round(6))
`;

export const PYTHON_SETS: readonly PythonSet[] = [
  {
    name: 'C',
    requirements: ['numpy==2.4.6', 'scipy==1.17.1', 'pandas==3.0.6', 'scikit-learn==1.9.1'],
    computations: [NUMPY, SCIPY, PANDAS, LEARN],
    raw: { unzipped: 246.0, zipped: 73.4 },
    safe: { unzipped: 186.2, zipped: 59.5 },
    exact: { unzipped: 157.4, zipped: 51.3 },
  },
  {
    name: 'D',
    requirements: ['onnxruntime==1.30.0', 'pillow==12.3.0', 'numpy==2.4.6'],
    computations: [ONNX, PICTURE],
    raw: { unzipped: 142.8, zipped: 47.8 },
    safe: { unzipped: 128.6, zipped: 44.2 },
    exact: { unzipped: 74.0, zipped: 25.1 },
  },
  {
    name: 'E',
    requirements: ['pyarrow==25.0.1', 'pandas==3.0.6', 'numpy==2.4.6'],
    computations: [ARROW.replace(/^os\._exit\(0\)$/m, ''), PANDAS, NUMPY],
    raw: { unzipped: 254.0, zipped: 78.0 },
    safe: { unzipped: 187.7, zipped: 64.0 },
    exact: { unzipped: 151.5, zipped: 51.4 },
  },
  {
    name: 'F',
    requirements: ['opencv-python-headless==5.0.0.93', 'numpy==2.4.6'],
    computations: [OPENCV],
    raw: { unzipped: 216.9, zipped: 77.9 },
    safe: { unzipped: 204.1, zipped: 74.7 },
    exact: { unzipped: 193.3, zipped: 72.3 },
  },
];
