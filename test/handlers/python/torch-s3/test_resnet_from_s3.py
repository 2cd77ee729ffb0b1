"""With moto in the place of S3: AWS_ENDPOINT_URL and credentials come from the one who runs this."""

import os
import unittest

import boto3
from sandbox import differences_from_samples, start
from support import ROOT, read_event

MODEL = os.path.join(ROOT, "src/handlers/resnet-torch/model")


class FromS3(unittest.TestCase):
    def test_the_model_is_downloaded_checked_and_used(self) -> None:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="nets", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for name in os.listdir(MODEL):
            s3.upload_file(os.path.join(MODEL, name), "nets", f"resnet/{name}")
        with start(MODEL_URL="s3://nets/resnet") as ask:
            self.assertEqual(differences_from_samples(ask), [])
        s3.put_object(Bucket="nets", Key="resnet/resnet20-fashion.pt", Body=b"another")
        with self.assertLogs("handler_common", "ERROR") as logged, start(MODEL_URL="s3://nets/resnet") as ask:
            self.assertEqual(ask(read_event("http-v2-post-image"))["statusCode"], 500)
        self.assertIn("resnet20-fashion.pt has the sha256", logged.output[-1])
