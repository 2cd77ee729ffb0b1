"""The runtime of a Python function: what stands in /var/runtime. Needs nothing but Python, 3.8 or later."""

import importlib
import json
import logging
import os
import site
import socket
import sys
import time
import traceback

_API = "/2018-06-01/runtime"


class Fault(Exception):
    """A failure that has a name of Lambda's own."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace or []


# -- the Runtime API, over one connection that stays open --


class Client:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._place = (host, int(port))
        self._host = address
        self._stream = None

    def next(self):
        status, headers, body = self._ask("GET", "/invocation/next", {}, b"")
        if status != 200:
            raise RuntimeError("The Runtime API answered %d: %r" % (status, body))
        return headers, body

    def post(self, path, content_type, body, error_type=None):
        headers = {"Content-Type": content_type}
        if error_type is not None:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type.encode("ascii", "replace").decode()
        self._ask("POST", path, headers, body)

    def _ask(self, method, path, headers, body):
        lines = ["%s %s%s HTTP/1.1" % (method, _API, path), "Host: " + self._host]
        lines += ["%s: %s" % pair for pair in headers.items()]
        lines += ["Content-Length: %d" % len(body), "", ""]
        request = "\r\n".join(lines).encode("latin-1") + body
        if self._stream is not None:
            try:
                return self._exchange(request)
            except (OSError, ValueError):
                # Somebody closed it, for instance with all the files that a daemon does not need.
                self._stream = None
        # What the function sets as default for its own connections does not count here.
        connection = socket.create_connection(self._place, timeout=None)
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = connection.makefile("rwb")
        connection.close()
        return self._exchange(request)

    def _exchange(self, request):
        stream = self._stream
        stream.write(request)
        stream.flush()
        first = stream.readline()
        if not first:
            raise OSError("the Runtime API hung up")
        headers = {}
        for line in iter(stream.readline, b"\r\n"):
            if not line:
                raise OSError("the Runtime API hung up")
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, body


# -- JSON as Lambda's runtime client writes it --

# Numbers that JSON is to hold digit by digit go through the encoder as strings that nobody else writes.
_DECIMAL = "decimal:%s:" % os.urandom(8).hex()


def _encode_other(value):
    import decimal

    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else _DECIMAL + str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8")
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def _keeps_unicode():
    name = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
    return name.isdigit() and int(name) >= 12


def to_json(value):
    text = json.dumps(value, ensure_ascii=not _keeps_unicode(), default=_encode_other)
    if _DECIMAL in text:
        import re

        text = re.sub('"%s([^"]*)"' % _DECIMAL, r"\1", text)
    return text


# -- what the handler is told --


class _Fields:
    __slots__ = ()

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    def __repr__(self):
        fields = ",".join("%s=%s" % (name, getattr(self, name, None)) for name in self.__slots__)
        return "%s([%s])" % (type(self).__name__, fields)


class CognitoIdentity(_Fields):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client_(_Fields):
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


Client_.__name__ = Client_.__qualname__ = "Client"


class ClientContext(_Fields):
    __slots__ = ("custom", "env", "client")


class LambdaContext:
    def __init__(self, headers):
        environ = os.environ.get
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id")
        self.log_group_name = environ("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environ("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environ("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.client_context = _read_client_context(headers)
        identity = _read_header(headers, "lambda-runtime-cognito-identity", "Cognito Identity") or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            }
        )
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self._epoch_deadline_time_in_ms = int(headers.get("lambda-runtime-deadline-ms", "0"))

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        shown = ",".join("%s=%s" % pair for pair in vars(self).items() if not pair[0].startswith("_"))
        return "LambdaContext([%s])" % shown


def _read_client_context(headers):
    values = _read_header(headers, "lambda-runtime-client-context", "Client Context")
    if values is None:
        return None
    context = ClientContext(values)
    context.client = None if context.client is None else Client_(context.client)
    return context


def _read_header(headers, name, title):
    text = headers.get(name)
    if not text:
        return None
    try:
        return json.loads(text.encode("latin-1").decode("utf-8"))
    except ValueError as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (title, error))


# -- loading the handler --


def set_paths(opt):
    """The order of Lambda; what is installed for this machine's own Python is no part of a function."""
    task, runtime = os.environ["LAMBDA_TASK_ROOT"], os.environ["LAMBDA_RUNTIME_DIR"]
    own = [
        task,
        "%s/python/lib/python%d.%d/site-packages" % ((opt,) + sys.version_info[:2]),
        opt + "/python",
        runtime,
    ]
    strangers = ("site-packages", "dist-packages")
    rest = [
        path
        for path in sys.path
        if path and path not in own and not os.path.normpath(path).endswith(strangers)
    ]
    sys.path[:] = own + rest
    for folder in own[:3]:
        if os.path.isdir(folder):
            site.addsitedir(folder)


def find_handler(name):
    module_name, dot, function = name.rpartition(".")
    if not dot:
        message = "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name
        raise Fault("Runtime.MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module %s as a handler module" % module_name
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = "Unable to import module '%s': %s" % (module_name, error)
        raise Fault("Runtime.ImportModuleError", message)
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        message = "Syntax error in module '%s': %s" % (module_name, error)
        raise Fault("Runtime.UserCodeSyntaxError", message, trace)
    if not hasattr(module, function):
        message = "Handler '%s' missing on module '%s'" % (function, module_name)
        raise Fault("Runtime.HandlerNotFound", message)
    return getattr(module, function)


# -- failures --


def describe(error, request_id=""):
    if isinstance(error, Fault):
        kind, message, trace = error.kind, error.message, error.trace
    else:
        frames = traceback.extract_tb(error.__traceback__)
        foreign = [at for at, frame in enumerate(frames) if frame.filename != __file__]
        kind, message = type(error).__name__, str(error)
        # As plain tuples, since Lambda shows no carets below the lines.
        shown = frames[foreign[0] :] if foreign else frames
        trace = traceback.format_list([tuple(frame) for frame in shown])
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def post_failure(client, path, failure):
    log_failure(failure)
    # Not every text that Python knows is one of Unicode.
    body = to_json(failure).encode("utf-8", "backslashreplace")
    client.post(path, "application/json", body, failure["errorType"])


def log_failure(failure):
    words = (failure["errorType"], failure["errorMessage"])
    lines = ["[ERROR] " + ": ".join(word for word in words if word)]
    lines.append("Traceback (most recent call last):")
    for element in failure["stackTrace"]:
        for line in element.splitlines() or [""]:
            text = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    text = "\r".join(lines) + "\n"
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))


# -- printing and logging --

_request_id = ""


class Unbuffered:
    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def write(self, text):
        self._stream.write(text)
        self._stream.flush()

    def writelines(self, lines):
        self._stream.writelines(lines)
        self._stream.flush()


class RequestFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = _request_id
        record.tenant_id = None
        return True


class LogHandler(logging.Handler):
    def emit(self, record):
        sys.stdout.write(self.format(record))


def set_up_output():
    sys.stdout, sys.stderr = Unbuffered(sys.stdout), Unbuffered(sys.stderr)
    logging.Formatter.converter = time.gmtime
    handler = LogHandler()
    layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    handler.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestFilter())
    logging.getLogger().addHandler(handler)


# -- the life of a function --


def serve(client, handler, headers, body):
    global _request_id
    _request_id = headers.get("lambda-runtime-aws-request-id", "")
    if "lambda-runtime-trace-id" in headers:
        os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
    path = "/invocation/%s" % _request_id
    try:
        answer, content_type = call(handler, headers, body)
    except Exception as error:
        post_failure(client, path + "/error", describe(error, _request_id))
    else:
        client.post(path + "/response", content_type, answer)


def call(handler, headers, body):
    context = LambdaContext(headers)
    try:
        event = json.loads(body)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)
    answer = handler(event, context)
    if isinstance(answer, bytes):
        return answer, "application/unknown"
    try:
        return to_json(answer).encode("utf-8"), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


def main():
    client = Client(os.environ["AWS_LAMBDA_RUNTIME_API"])
    set_up_output()
    # Where layers are shown; an argument that functions are not to see.
    set_paths(sys.argv.pop(1) if len(sys.argv) > 1 else "/opt")
    try:
        handler = find_handler(os.environ.get("_HANDLER", ""))
    except Exception as error:
        post_failure(client, "/init/error", describe(error))
        sys.exit(1)
    while True:
        serve(client, handler, *client.next())


if __name__ == "__main__":
    main()
