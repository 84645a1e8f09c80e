"""What hieradata that people published has taught: names and values as they write them, with values made up here."""

import pytest

from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject

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
        "profile::passwords::mysql_root: Kirschkuchen9",
        "profile::secrets::smtp: Kirschkuchen9",
        "passwords::root: Kirschkuchen9",
        "profile::tokens::ci: Kirschkuchen9",
        "profile::db::password::value: Kirschkuchen9",
        "passwords: {backup_host: Kirschkuchen9}",
        "passwords: {root_user: Kirschkuchen9}",
        "passwords: {mysql-server: Kirschkuchen9}",
        "secrets: {db_key: Kirschkuchen9}",
        "http_headers: {Authorization: Bearer kirschkuchen0kirsch}",
        "http_headers: {Proxy-Authorization: Basic YXBwOmtpcnNjaA==}",
        "http_headers: [{name: Authorization, value: Bearer kirschkuchen0kirsch}]",
        "a::password: mein kuchen /rex 77",
        "a::password: password",
        "a::admin_token: admintoken",
        "a::db: {secret: secret}",
        "a::password: $ecret$",
        "a::community: '1:x'",
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
        "profile::credentials::user: kirsch2024",
        "credentials: {user: kirsch2024, db_host: dbhost01a, key_id: AKkirsch12345}",
        "passwords: {hash_algorithm: sha512crypt, min_length: 12345678a}",
        "vault::secrets::engine: kv2version",
        "a: {Authorization: Bearer <token>, authorization: Basic authentication}",
        "a: {Authorization: 'Bearer ${TOKEN}', authorization_mode: RBAC}",
        "a::passwd: cat /etc/passwd",
        "labels: {password: Password}",
        "form: {password: password}",
        "ldap::attributes: {password: password}",
        "a::api_token: api_token",
        "icinga2::ticket_salt: TicketSalt",
        "a: {password: Enter your password, passphrase: 'Passwort vergessen?', forgot_password: Mot de passe}",
        *(
            f"a::password: '{value}'"
            for value in (
                *("$__file{/etc/x}", "$__env{X}", "${db.password}", "${env:X}", "${DB_PASSWORD:-geheim}", "${A}:${B}"),
                *("$host.vars.mysql_pw$", "#{x}", "((x/y.z))", "%DB_PASSWORD%", "vault:secret/data/x#key", "7d"),
                *("@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/s/1)", "arn:aws:x:eu:1:secret:db-Ab1"),
            )
        ),
        "apache::mod::ssl::ssl_pass_phrase_dialog: builtin",
        "zabbix::agent::tls_psk_identity: PSK 001",
        "a: {token_policies: [default1], token_period: 768h, token_bound_cidrs: [10.0.0.0/8]}",
        "a: {nginx.ingress.kubernetes.io/auth-secret: basic-auth, existingSecret: redis-auth}",
        "frr: {bgp_send_community: both, bgp community: '65000:100 65000:200'}",
        "etcd::auth_token: simple",
        "samba: {passwd program: '/usr/bin/passwd %u', passwd chat: '*Enter* %n *Retype* %n'}",
        "a: {password_grace: 90days, actionTokenGeneratedByAdminLifespan: 43200, tokens_per_minute: 10000}",
        "a: {total_tokens: 10000, eos_token: </s>, password_placeholder: geheim}",
        "data: [{secretKey: password, remoteRef: {key: app/db, property: password}}]",
        "spec: {encryptedData: {password: AgBy3i4OJSWKPiTySYZZA9rO43cGDEq}}",
        "a: {secrets: [tls_key_2023, app-token-v2]}",
    ],
)
def test_these_are_none(line: str) -> None:
    assert rules(line) == []
