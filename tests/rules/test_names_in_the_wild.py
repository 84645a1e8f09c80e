"""What hieradata that people published has taught: names and values as they write them, with values made up here."""

import pytest

from eyamlgpg.rules import clear_text
from eyamlgpg.rules.knowledge import Knowledge
from eyamlgpg.rules.subject import Subject

CEPH = "AQB3x2FmAAAAABAAq8Zt0Lr5Yk1JwV9sPdHnUg=="
WIREGUARD = "mJ4v9sQd0zKcWnX1pTgL7bHfYr3aUe6oI2kNqVxB5Cw="


def rules(line: str) -> list[str]:
    return [finding.rule for finding in clear_text.find(Subject.read("a.yaml", f"{line}\n"), Knowledge())]


@pytest.mark.parametrize(
    "line",
    [
        "yum::proxy_password: kirschkuchen",
        "nova::api::metadata_proxy_shared_secret: a_secret",
        "crowdsec::enroll_key: cl9zz41ab00017vmhq",
        f"ceph_storage_client_admin_key: {CEPH}",
        f"mongodb::server::key: {WIREGUARD}",
        "a::password: '%{lookup(\"prefix\")}kirschkuchen7'",
        "a::client_secret: 38d88163-3058-436e-a214-085214c6fa78",
    ],
)
def test_these_are_secrets(line: str) -> None:
    assert rules(line) == ["plaintext-key-name"]


@pytest.mark.parametrize(
    "line",
    [
        "nginx::vhosts.app.proxy_pass: http_backend",
        "a::credentials: \"%{lookup('user')}:%{lookup('password')}\"",
        "a::auth_token: \"%{lookup('a')}-%{lookup('b')}\"",
        "env: [\"RABBITMQ_PASSWORD=%{lookup('rabbit password')}\"]",
        "env: ['TOKEN=${{ secrets.TOKEN }}', 'run -Secret ^${secret} -Url ^${url}']",
        "jobs: {release: {secrets: {api_key: '${{ secrets.API_KEY }}'}}}",
        "apache::server_tokens: Prod",
        "apache::conf: ServerTokens Prod",
        "etcd::initial_cluster_token: etcd-cluster-1",
        "pod: {imagePullSecrets: registry-credentials1}",
        "cinder::service_token_roles: admin",
        "nova::rbd_secret_uuid: 38d88163-3058-436e-a214-085214c6fa78",
        "openldap::hash_passwords: SSHA512",
        "policies: {'identity:list_application_credentials': {value: 'rule:admin_required1'}}",
        "pam::password_auth_symlink: password-auth",
        "oidc::client_secret: nnnnnnnn-nnnn-nnnn-nnnn-nnnnnnnnnnnn",
        "oidc::client_secret: 00000000-0000-0000-0000-000000000000",
        f"wireguard::peers.office.key: {WIREGUARD}",
        f"wireguard::public_key: {WIREGUARD}",
        "accounts::alice::key: AAAAC3NzaC1lZDI1NTE5AAAAIG5vdGFrZXlub3RhL2tleW5vdGFrZXlub3Rhaw==",
        "rabbitmq::routing_key: orders.created.v2",
    ],
)
def test_these_are_none(line: str) -> None:
    assert rules(line) == []
