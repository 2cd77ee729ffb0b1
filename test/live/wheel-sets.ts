/** Wheels that go into one folder, and a real computation for each; its output is compared before and after. */
interface WheelSet {
  readonly packages: readonly string[];
  /** Pure Python packages that they need. */
  readonly support: readonly string[];
  /** By the name of the package. */
  readonly computations: Readonly<Record<string, string>>;
}

export const NUMPY = `
import numpy as np
a = np.random.default_rng(1).random((60, 40))
u, s, v = np.linalg.svd(a, full_matrices=False)
print(np.allclose(u * s @ v, a), s[:3].round(6), np.fft.rfft(a[0])[:2].round(6), np.linalg.eigvals(a[:5, :5]).round(6))
`;

export const SCIPY = `
import numpy as np
from scipy import integrate, linalg, optimize, signal, sparse, special
from scipy.sparse.linalg import eigsh, spsolve
a = np.random.default_rng(2).random((30, 30)) + 30 * np.eye(30)
print(linalg.lu_factor(a)[0].sum().round(6), linalg.expm(a / 40).sum().round(6), integrate.quad(np.sin, 0, 3)[0])
print(spsolve(sparse.csc_matrix(a), np.ones(30)).sum().round(8), eigsh(sparse.csr_matrix(a @ a.T), k=2)[0].round(4))
print(optimize.minimize(lambda x: ((x - 3) ** 2).sum(), [0, 0]).x.round(4), special.gamma(4.5), signal.lfilter([1], [1, .5], [1, 2]))
`;

export const LEARN = `
import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.cluster import KMeans
from sklearn.svm import SVC
x, y = make_classification(200, random_state=0)
for model in (GradientBoostingClassifier(random_state=0, n_estimators=10), HistGradientBoostingClassifier(random_state=0, max_iter=5), SVC()):
    print(model.fit(x, y).score(x, y))
print(round(float(KMeans(3, random_state=0, n_init=2).fit(x).inertia_), 4))
`;

export const PILLOW = `
import io
from PIL import Image, ImageDraw, ImageFilter, ImageFont
image = Image.new('RGB', (64, 48), 'navy')
ImageDraw.Draw(image).text((2, 2), 'slim', font=ImageFont.load_default(20), fill='white')
image = image.filter(ImageFilter.GaussianBlur(1)).resize((32, 24), Image.LANCZOS)
for kind in ('PNG', 'JPEG', 'WEBP', 'TIFF', 'JPEG2000', 'AVIF'):
    out = io.BytesIO(); image.save(out, kind)
    print(kind, Image.open(io.BytesIO(out.getvalue())).convert('RGB').getpixel((5, 5)))
`;

export const OPENCV = `
import cv2, numpy as np
image = (np.indices((48, 64)).sum(0) * 2).astype(np.uint8)
ok, png = cv2.imencode('.png', image); ok, jpeg = cv2.imencode('.jpg', image); ok, webp = cv2.imencode('.webp', image)
print([cv2.imdecode(each, 0).sum() for each in (png, jpeg, webp)], cv2.Canny(cv2.resize(image, (128, 96)), 1, 2).sum())
print(cv2.GaussianBlur(image, (5, 5), 1).sum(), cv2.invert(np.eye(3) * 2)[1].tolist(), cv2.dft(image.astype(np.float32)).sum())
`;

export const ARROW = `
import io
import pyarrow as pa, pyarrow.compute as pc, pyarrow.csv as csv, pyarrow.parquet as parquet, pyarrow.dataset
table = csv.read_csv(io.BytesIO(b'a,b\\n1,x\\n2,y\\n3,x\\n'))
for codec in ('snappy', 'zstd', 'gzip', 'lz4', 'brotli'):
    out = io.BytesIO(); parquet.write_table(table, out, compression=codec)
    print(codec, parquet.read_table(io.BytesIO(out.getvalue())).equals(table))
print(pc.sum(table['a']), table.group_by('b').aggregate([('a', 'sum')]).sort_by('b').to_pydict())
`;

/** pyarrow's threads end up to one run in ten with "terminate called" when Python ends, from the untouched wheels as well. */
export const QUIT = 'import os, sys; sys.stdout.flush(); os._exit(0)\n';

export const SHAPELY = `
import shapely
a, b = shapely.Point(0, 0).buffer(2), shapely.box(0, 0, 3, 3)
print(a.intersection(b).area, a.union(b).wkt[:80], shapely.STRtree([a, b]).query(shapely.Point(2.5, 2.5)).tolist())
`;

export const TOKENIZERS = `
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
tokenizer = Tokenizer(models.BPE()); tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer.train_from_iterator(['the smallest artifact that still works'] * 9, trainers.BpeTrainer(vocab_size=60, show_progress=False))
print(tokenizer.encode('the artifact works').tokens)
`;

/** A model of one MatMul and one Relu, written as protobuf by hand (onnx.proto3), so that no other package is needed. */
export const ONNX = `
import numpy as np, onnxruntime as ort
def field(number, value):
    if isinstance(value, int): return bytes([number << 3, value])
    value = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2, len(value)]) + value
def value(name, *dims):
    shape = b''.join(field(1, field(1, dim)) for dim in dims)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))
def node(kind, out, *inputs): return b''.join(field(1, each) for each in inputs) + field(2, out) + field(4, kind)
graph = field(1, node('MatMul', 'c', 'a', 'b')) + field(1, node('Relu', 'd', 'c')) + field(2, 'g')
graph += field(11, value('a', 2, 3)) + field(11, value('b', 3, 2)) + field(12, value('d', 2, 2))
model = field(1, 8) + field(7, graph) + field(8, field(2, 13))
session = ort.InferenceSession(model, providers=['CPUExecutionProvider'])
a, b = np.arange(6, dtype=np.float32).reshape(2, 3) - 2, np.arange(6, dtype=np.float32).reshape(3, 2)
print(session.run(None, {'a': a, 'b': b})[0].tolist())
`;

export const LIGHTGBM = `
import numpy as np, lightgbm as lgb
x = np.random.default_rng(3).random((200, 5)); y = x[:, 0] > x[:, 1]
model = lgb.train({'objective': 'binary', 'num_threads': 1, 'verbose': -1}, lgb.Dataset(x, y), 10)
print(model.predict(x[:5]).round(8).tolist())
`;

export const WHEEL_SETS: readonly WheelSet[] = [
  { packages: ['numpy==1.26.4', 'scipy==1.10.1'], support: [], computations: { numpy: NUMPY, scipy: SCIPY } },
  { packages: ['numpy==2.1.3'], support: [], computations: { numpy: NUMPY } },
  {
    packages: [
      ...['numpy==2.4.6', 'scipy==1.17.1', 'scikit-learn==1.9.1', 'pillow==12.3.0', 'pyarrow==25.0.1'],
      ...['shapely==2.1.2', 'tokenizers==0.23.2', 'onnxruntime==1.30.0', 'lightgbm==4.7.0'],
      'opencv-python-headless==5.0.0.93',
    ],
    support: ['joblib', 'threadpoolctl', 'narwhals', 'flatbuffers', 'packaging', 'protobuf'],
    computations: {
      ...{
        numpy: NUMPY,
        scipy: SCIPY,
        'scikit-learn': LEARN,
        pillow: PILLOW,
        pyarrow: ARROW + QUIT,
        shapely: SHAPELY,
      },
      ...{ tokenizers: TOKENIZERS, onnxruntime: ONNX, lightgbm: LIGHTGBM, 'opencv-python-headless': OPENCV },
    },
  },
];
