/** Packages that break when one slims by name, and work that fails without what is easily taken for useless. */
export interface Trap {
  readonly name: string;
  /** What has to be installed for it, beside what the presets of this test need. */
  readonly requires: readonly string[];
  /** Python: fails, or prints something else, where anything is missing. */
  readonly work: string;
}

export const TRAPS: readonly Trap[] = [
  {
    name: 'jsonschema reads its specifications',
    requires: ['jsonschema[format]'],
    work: `
import jsonschema
from jsonschema_specifications import REGISTRY
for Kind in (jsonschema.Draft3Validator, jsonschema.Draft4Validator, jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
    Kind.check_schema({"type": "object", "properties": {"n": {"type": "integer"}}})
    print(Kind.__name__, [error.message for error in Kind({"properties": {"n": {"type": "integer"}}}).iter_errors({"n": "x"})])
print(len(list(REGISTRY)) > 5)
`,
  },
  {
    name: 'pydantic 2 with its plugins and e-mail addresses',
    requires: ['pydantic', 'email-validator'],
    work: `
from datetime import datetime
from importlib.metadata import version
from pydantic import BaseModel, EmailStr, Field, TypeAdapter, ValidationError, create_model, field_validator
class Person(BaseModel):
    mail: EmailStr
    born: datetime
    tags: list[str] = Field(default_factory=list, max_length=2)
    @field_validator("tags")
    @classmethod
    def upper(cls, value): return [each.upper() for each in value]
print(Person(mail="a@example.org", born="2020-01-02T03:04:05Z", tags=["x"]).model_dump_json())
try: Person(mail="no", born=1, tags=[])
except ValidationError as error: print(error.error_count(), error.errors()[0]["type"])
print(TypeAdapter(dict[str, int]).validate_python({"a": "1"}), sorted(create_model("M", a=(int, 1)).model_json_schema()))
from pydantic.v1 import BaseModel as Old
class One(Old): n: int
print(One(n="3").json(), version("pydantic_core") != "", version("email-validator") != "")
`,
  },
  {
    name: 'opentelemetry finds its parts by entry points',
    requires: ['opentelemetry-api', 'opentelemetry-sdk'],
    work: `
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
with trace.get_tracer("t").start_as_current_span("outer"):
    headers = {}
    propagate.inject(headers, context=baggage.set_baggage("k", "v"))
print(sorted(headers), [span.name for span in exporter.get_finished_spans()], type(context._RUNTIME_CONTEXT).__name__)
from opentelemetry.sdk._configuration import _OTelSDKConfigurator
from opentelemetry.sdk.resources import Resource
print(Resource.create().attributes["telemetry.sdk.language"], _OTelSDKConfigurator is not None)
`,
  },
  {
    name: 'cryptography: its Rust library and certificates',
    requires: ['cryptography'],
    work: `
import datetime
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
key = ec.generate_private_key(ec.SECP256R1())
key.public_key().verify(key.sign(b"x", ec.ECDSA(hashes.SHA256())), b"x", ec.ECDSA(hashes.SHA256()))
secret = Fernet(Fernet.generate_key())
print(secret.decrypt(secret.encrypt(b"hello")), AESGCM(bytes(32)).encrypt(bytes(12), b"a", None).hex())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "me")])
at = datetime.datetime(2024, 1, 1)
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(5).not_valid_before(at).not_valid_after(at).sign(key, hashes.SHA256())
print(x509.load_pem_x509_certificate(made.public_bytes(serialization.Encoding.PEM)).subject.rfc4514_string(), rsa.generate_private_key(65537, 2048).key_size, padding.PKCS1v15().name)
`,
  },
  {
    name: 'psycopg2-binary: the libraries beside it',
    requires: ['psycopg2-binary'],
    work: `
import psycopg2, psycopg2.extras, psycopg2.sql
from psycopg2.extensions import adapt, libpq_version, parse_dsn
print(parse_dsn("postgresql://me@db/x?sslmode=require"), adapt("a'b").getquoted(), libpq_version() > 100000)
try: psycopg2.connect("host=127.0.0.1 port=1 sslmode=require connect_timeout=1")
except psycopg2.OperationalError as error: print("refused" in str(error).lower())
`,
  },
  {
    name: 'requests: certifi, idna and charset_normalizer',
    requires: ['requests', 'certifi'],
    work: `
import http.server, os, ssl, threading
import certifi, charset_normalizer, idna, requests
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = "{\\"a\\": \\"\\u00e9\\"}".encode()
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.handle_request, daemon=True).start()
print(requests.get("http://127.0.0.1:%d/" % server.server_port, timeout=5).json())
print(len(ssl.create_default_context(cafile=certifi.where()).get_ca_certs()) > 50, os.path.exists(requests.certs.where()), idna.encode("b\\u00fccher"), charset_normalizer.from_bytes("h\\u00e9 l\\u00e0".encode()).best().encoding)
`,
  },
  {
    name: 'google: packages without __init__ in one folder',
    requires: ['protobuf', 'googleapis-common-protos', 'grpcio-status'],
    work: `
import google.protobuf
from google.api import annotations_pb2, http_pb2
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from google.type import date_pb2, money_pb2
from grpc_status import rpc_status
detail = any_pb2.Any(); detail.Pack(error_details_pb2.ErrorInfo(reason="R", domain="d"))
status = rpc_status.to_status(status_pb2.Status(code=code_pb2.NOT_FOUND, message="m", details=[detail]))
print(status.code.name, status.details, money_pb2.Money(units=3).units, date_pb2.Date(year=2024).year, http_pb2.HttpRule(get="/x").get, annotations_pb2.http.name, google.__path__ is not None)
`,
  },
  {
    name: 'orjson and lxml',
    requires: ['orjson', 'lxml'],
    work: `
import datetime, io, orjson
from lxml import etree, html, isoschematron, objectify
print(orjson.dumps({"b": datetime.date(2024, 1, 2), "a": [1.5, None]}, option=orjson.OPT_SORT_KEYS), orjson.loads(b"[1]"))
tree = etree.fromstring("<a><b n='1'>x</b><b n='2'/></a>")
print(tree.xpath("//b[@n='2']/@n"), html.fromstring("<p>hi<br>you").text_content(), objectify.fromstring("<r><n>3</n></r>").n + 1)
sheet = etree.XSLT(etree.fromstring("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><out><xsl:value-of select='count(//b)'/></out></xsl:template></xsl:stylesheet>"))
print(str(sheet(tree)).strip().splitlines()[-1])
rules = isoschematron.Schematron(etree.fromstring("<schema xmlns='http://purl.oclc.org/dsdl/schematron'><pattern><rule context='a'><assert test='count(b) = 2'>two</assert></rule></pattern></schema>"))
print(rules.validate(tree), etree.RelaxNG(etree.fromstring("<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><zeroOrMore><element name='b'><optional><attribute name='n'/></optional><text/></element></zeroOrMore></element>")).validate(tree))
`,
  },
  {
    name: 'sqlalchemy loads dialects by name',
    requires: ['sqlalchemy'],
    work: `
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(User(name="a")); session.commit()
    print(session.scalars(select(User.name)).all())
table = Table("t", MetaData(), Column("id", Integer), Column("s", String(9)))
for dialect in (mssql, mysql, oracle, postgresql): print(select(table).limit(2).compile(dialect=dialect.dialect()).string.split()[0])
print(create_engine("postgresql+psycopg2://me@db/x").dialect.driver)
`,
  },
  {
    name: 'huggingface_hub names itself lazily',
    requires: ['transformers'],
    work: `
import os
os.environ["HF_HUB_OFFLINE"] = "1"
import huggingface_hub
from huggingface_hub import HfApi, ModelCard, hf_hub_url, try_to_load_from_cache
print(hf_hub_url("a/b", "c.json"), try_to_load_from_cache("a/b", "c.json"), HfApi().endpoint, ModelCard("---\\nlicense: mit\\n---\\n# a").data.license)
import safetensors.numpy, numpy
print(safetensors.numpy.load(safetensors.numpy.save({"a": numpy.arange(3)}))["a"].tolist())
`,
  },
];
