"""What `authlib.test.mjs` has authlib do. Each step takes facts as JSON, and prints some."""

import json
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, OKPKey


def discover(facts):
    answer = requests.get(f"{facts['issuer']}/.well-known/oauth-authorization-server", timeout=30)
    return answer.json()


def session(facts, method, **more):
    """A client; a public app is one without a secret."""
    return OAuth2Session(
        facts["client_id"], more.pop("secret", facts.get("client_secret")),
        token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
        scope=facts["scope"], redirect_uri=facts["callback"], **more,
    )


def call(client, facts):
    answer = client.get(f"{facts['issuer']}/v1/audit-entries", timeout=30)
    assert answer.status_code == 200, answer.text


def client_credentials(facts):
    endpoint = discover(facts)["token_endpoint"]
    tokens = []

    def fetch(client):
        token = client.fetch_token(endpoint, grant_type="client_credentials")
        assert "refresh_token" not in token, token
        call(client, facts)
        tokens.append(token["access_token"])

    for method in ("client_secret_basic", "client_secret_post"):
        fetch(session(facts, method))
    for key in facts["keys"]:
        kind = OKPKey if key["alg"] == "EdDSA" else ECKey
        jwk = {name: key["jwk"][name] for name in ("kty", "crv", "x", "y", "d") if name in key["jwk"]}
        client = session(facts, "private_key_jwt", secret=kind.import_key(jwk))
        client.register_client_auth_method(PrivateKeyJWT(endpoint, alg=key["alg"], headers={"kid": key["kid"]}))
        fetch(client)
        fetch(client)
    return {"tokens": tokens}


def ask(facts):
    verifier = "a" * 48
    client = session(facts, method_of(facts), code_challenge_method="S256")
    endpoint = discover(facts)["authorization_endpoint"]
    url, state = client.create_authorization_url(endpoint, code_verifier=verifier)
    return {"url": url, "state": state, "verifier": verifier}


def act(facts):
    server = discover(facts)
    method = method_of(facts)
    client = session(facts, method, state=facts["state"], code_challenge_method="S256")
    first = client.fetch_token(
        server["token_endpoint"], authorization_response=facts["back"], code_verifier=facts["verifier"],
    )
    call(client, facts)
    second = client.refresh_token(server["token_endpoint"], first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    call(client, facts)
    if method != "none":
        known = client.introspect_token(server["introspection_endpoint"], token=second["access_token"])
        assert known.json()["active"] is True, known.text
    gone = client.revoke_token(server["revocation_endpoint"], token=second["refresh_token"])
    assert gone.status_code == 200, gone.text
    return {"token": second["access_token"]}


def method_of(facts):
    return "client_secret_basic" if facts.get("client_secret") else "none"


STEPS = {"client_credentials": client_credentials, "ask": ask, "act": act}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](json.loads(sys.argv[2]))))
