"""A node with password, CSRF protection and HTTPS, for the unmodified client."""

import base64
import ssl
import subprocess
import urllib.error
from contextlib import contextmanager

from acceptance.case import case
from acceptance.node import Node
from acceptance.server import Api
from acceptance.stage import Stage

PASSWORD = "warden:päss word"
KEY = "a-second-key"


def certificate(directory):
    """A keystore and the certificate in it, by the JDK's keytool; both are files."""
    keystore, pem = directory / "node.p12", directory / "node.pem"
    common = ["-alias", "node", "-keystore", str(keystore), "-storepass", "changeit"]
    san = "san=ip:127.0.0.1"
    subprocess.run(["keytool", "-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-ext", san, *common], check=True, capture_output=True)
    subprocess.run(["keytool", "-exportcert", "-rfc", "-file", str(pem), *common], check=True, capture_output=True)
    return keystore, pem


@contextmanager
def secured(scene):
    """The scene of a node of its own, which the client knows how to reach."""
    keystore, pem = certificate(scene.directory)
    environment = {
        "PREFECT_SERVER_API_AUTH_STRING": PASSWORD,
        "SLUICE_API_KEYS": KEY,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "SLUICE_TLS_KEYSTORE": str(keystore),
        "SLUICE_TLS_KEYSTORE_PASSWORD": "changeit",
    }
    client = {"PREFECT_API_AUTH_STRING": PASSWORD, "PREFECT_API_SSL_CERT_FILE": str(pem)}
    with Node(scene.stage.jar, scene.directory, environment, pem) as url:
        basic = "Basic " + base64.b64encode(PASSWORD.encode()).decode()
        api = Api(url, {"Authorization": basic}, ssl.create_default_context(cafile=pem))
        stage = Stage(url, scene.directory, scene.stage.verbose, client=client, api=api)
        with stage.scene("secured") as inner:
            yield inner


@case
def secured_node_serves_who_knows_the_password(scene):
    """password, CSRF tokens and HTTPS: CLI, deploy, worker and websockets work; wrong or missing passwords do not"""
    with secured(scene) as node:
        node.prefect("gcl", "create", "db", "--limit", 2).shows("Created global concurrency limit")
        node.prefect("gcl", "ls", PREFECT_API_AUTH_STRING="", PREFECT_API_KEY=KEY).shows("db")
        node.prefect("gcl", "ls", PREFECT_API_AUTH_STRING="warden:guess", code=1).shows("401 Unauthorized")
        node.prefect("gcl", "ls", PREFECT_API_AUTH_STRING="", code=1).shows("401 Unauthorized")
        pool = node.pool()
        deployment = node.deploy("hello", pool)
        node.worker(pool)
        node.prefect("deployment", "run", deployment, "--watch").shows("Flow run finished successfully in 'Completed'")
        try:
            node.api.post("/flows/filter")
            raise AssertionError("a POST without a CSRF token was answered")
        except urllib.error.HTTPError as refused:
            assert refused.code == 403, refused
