"""Stands for TensorFlow Serving with the bundled SavedModel: the same network, with the same weights, in PyTorch.

`python sagemaker_model_server.py <folder of the function resnet-torch>` prints its port and serves `POST /v1/models/model:predict`.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

sys.path.insert(0, sys.argv[1])

import torch  # noqa: E402
from resnet20 import ResNet20  # noqa: E402
from state_dict import load_state_dict  # noqa: E402

NETWORK = ResNet20(10)
NETWORK.load_state_dict(load_state_dict(f"{sys.argv[1]}/model/resnet20-fashion.pt"))
NETWORK.eval()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, answer = predict(body["instances"]) if self.path == "/v1/models/model:predict" else (404, {})
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def predict(instances):
    batch = torch.tensor(instances)
    if batch.ndim != 4 or tuple(batch.shape[1:]) != (32, 32, 3):
        return 400, {"error": f"Expected shape (-1, 32, 32, 3), found {tuple(batch.shape)}"}
    with torch.inference_mode():
        return 200, {"predictions": NETWORK(batch.permute(0, 3, 1, 2)).tolist()}


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
