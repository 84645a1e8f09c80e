"""Secrets inside longer texts: the forms in which programs, settings and commands hold them, and their doubles."""

import pytest

from eyamlgpg.detectors.likeness import is_prose, looks_like_password
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY


def rules(text: str) -> list[str]:
    """The rules that find something in a text as a block of a file."""
    block = "".join(f"  {line}\n" for line in text.split("\n"))
    return [finding.rule for finding in clear_text.find(Subject.read("a.yaml", f"x: |\n{block}"), Knowledge())]


def rules_of_item(text: str) -> list[str]:
    """Likewise, of an item of a list."""
    item = text.replace("'", "''")
    return [finding.rule for finding in clear_text.find(Subject.read("a.yaml", f"x: ['{item}']\n"), Knowledge())]


@pytest.mark.parametrize(
    "text",
    [
        "[client]\nuser = app\npassword = geheim",
        "[client]\npassword=geheim",
        'object ApiUser "root" {\n  password = "geheim"\n}',
        "db_password: kirschen # the old one",
        "  password: Kirsch9kuchen",
        "- password: Kirsch9kuchen",
        'password: "kirschkuchen"',
        "# password: Kirsch9kuchen",
        "#password = Kirsch9kuchen",
        '{"user": "app", "password": "kirschkuchen"}',
        '"api_token" : "kirschkuchen",',
        "requirepass kirschkuchen",
        "port 6379\nmasterauth kirschkuchen",
        "rootpw kirschkuchen",
        "bindpw kirschkuchen",
        "rocommunity kirschkuchen 10.0.0.0/8",
        "com2sec local 127.0.0.1/32 kirschkuchen",
        'key "rndc" {\n  algorithm hmac-sha256;\n  secret "a2lyc2Noa3VjaGVuOWtpcnNjaA==";\n};',
        'AuthLDAPBindPassword "kirschkuchen"',
        "AuthLDAPBindPassword Kirsch9kuchen",
        "/usr/bin/backup --user root --password kirschkuchen db",
        "backup --db-password=kirschkuchen",
        "OPTS=--password=kirschkuchen",
        'OPTS="-v --password kirschkuchen"',
        "curl -fsS -u admin:kirschkuchen https://ci.example.com/",
        "curl --user admin:kirschkuchen https://ci.example.com/",
        "CURL_OPTS: --user admin:Kirsch9kuchen",
        "wget --http-user=a --http-password=kirschkuchen https://x",
        "wget -q --http-password kirschkuchen https://x",
        "keytool -list -storepass kirschkuchen",
        "mysqldump -u root -p'kirschkuchen' db",
        "sshpass -p kirschkuchen ssh a@b",
        "ldapsearch -x -D cn=admin -w kirschkuchen -b dc=x",
        "redis-cli -h r1 -a kirschkuchen ping",
        "rabbitmqctl add_user app kirschkuchen",
        "htpasswd -cb /etc/htpasswd app kirschkuchen",
        "openssl rsa -in a.pem -passin pass:kirschkuchen",
        '$password = "kirschkuchen";',
        "$cfg['password'] = 'kirschkuchen';",
        "'password' => 'kirschkuchen',",
        ":password => 'kirschkuchen'",
        "define( 'DB_PASSWORD', 'kirschkuchen' );",
        "<server><password>kirschkuchen</password></server>",
        '<add key="DbPassword" value="kirschkuchen"/>',
        "CREATE USER 'app'@'%' IDENTIFIED BY 'kirschkuchen';",
        "create user app identified with mysql_native_password by 'kirschkuchen'",
        "ALTER ROLE app WITH LOGIN PASSWORD 'kirschkuchen';",
        "machine h.example.com login app password kirschkuchen",
        "stats auth admin:kirschkuchen",
        "user app insecure-password kirschkuchen",
        '10.0.0.1 %any : PSK "kirschkuchen"',
        "createUser monitor SHA kirschkuchen AES kirschkuchen",
        'proxy_set_header Authorization "Basic a2lyc2Noa3VjaGVuOmt1Y2hlbg==";',
        "mysqlpass=kirschkuchen",
        "[smtp.example.com]:587 relay:kirschkuchen",
        "java -jar cli.jar -auth admin:Kirsch9kuchen list",
        "docker login -u deploy --password kirschkuchen registry.example.com",
        'const TicketSalt = "kirschkuchen"',
        "DB_HOST=db1\nDB_PASSWORD=kX(29fjwQ!",
        "export DB_PASSWORD=&Kirsch9kuchen",
        "mysql::password: Kirsch9kuchen",
        "mysql::server::root_password: kirschkuchen",
        '"db::password": "kirschkuchen"',
        "'db::password' => 'kirschkuchen',",
    ],
)
def test_a_secret_is_found_in_the_form_of_many_programs(text: str) -> None:
    assert rules(text) == ["plaintext-assignment"]


@pytest.mark.parametrize(
    "text",
    [
        "password: must have 12 characters",
        "Password: must have 12 characters, one of them a digit",
        "Set the password = see wiki",
        "password = see the wiki",
        "Passwords: ask the team",
        '"password": "Please enter your password"',
        "use --password to set one",
        "Start it with --password option.",
        "Log in with your password, then type the token: it is on the card",
        "password=<%= @password %>\npassword = <%= @password %>",
        'password: ${PASSWORD}\npassword=${DB_PASSWORD:-}\npassword = $PASSWORD\npassword = "$db_password"',
        "password: {{ password }}\npassword = '{{ db.password }}'\npassword={{password}}",
        "password=%{lookup('x')}\npassword = %{lookup('x')}\npassword: \"%{lookup('x')}\"",
        "password = os.environ['DB_PASSWORD']\npassword=getenv('X')\n$password = $_ENV['X'];",
        "PASSWORD=$(cat /etc/app/password)\nPASSWORD=`cat /x`",
        "password = /etc/app/password\npassword_file: /etc/app/password",
        "password = $6$salt$Qe8mXc2LrA6uJkDyHs5oGiE0wBqN3xTz\npassword = {SSHA}Qe8mXc2LrA6uJkDyHs5oGiE0w",
        'password: "*****"\npassword = ********\npassword=xxxxxx\nPASSWORD: <password>',
        "s/password=.*/password=[hidden]/\npassword=[^&]+\npassword=(?<pw>\\S+)",
        "password requisite pam_pwquality.so retry=3 minlen=12\npassword sufficient pam_unix.so use_authtok",
        "auth include system-auth\npassword include password-auth\npassword substack system-auth",
        "passwd: files ldap\ngroup: files\nshadow: files sss",
        "PasswordAuthentication no\nPermitEmptyPasswords no\nIdentityFile ~/.ssh/id_ed25519\nHostKey /etc/ssh/key",
        'Defaults passwd_tries=3, passwd_timeout=5\nDefaults badpass_message="Wrong password"\nNOPASSWD: ALL',
        "%ops ALL=(ALL) NOPASSWD: /usr/bin/systemctl restart app",
        "local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\nhost app app ::1/128 md5",
        "password_encryption = scram-sha-256\nssl_key_file = '/etc/ssl/x.key'\nkrb_server_keyfile = ''",
        "proxy_pass http://backend1:8080;\nfastcgi_pass php74:9000;\nauth_basic_user_file /etc/nginx/htpasswd;",
        'proxy_set_header Authorization $http_authorization;\nproxy_set_header Authorization "";',
        "memcached_pass cache01:11211;\nssl_password_file /etc/nginx/pw;",
        "/var/log/app/*.log {\n  rotate 7\n  create 0640 root adm\n  postrotate\n    systemctl reload app\n}",
        "basic_auth:\n  username: prom\n  password_file: /etc/prometheus/pw\nbearer_token_file: /run/token",
        "- source_labels: [__meta_kubernetes_secret_name]\n  regex: password-(.*)\n  target_label: secret",
        "passdb {\n  driver = ldap\n  args = /etc/dovecot/ldap.conf\n}\ndefault_pass_scheme = SHA512-CRYPT",
        "password_query = SELECT username, password FROM users WHERE username = '%u'",
        "#requirepass foobared\n# password = secret\n;password = mypassword",
        "rocommunity public\nrocommunity6 public\ncom2sec ro default public",
        "secretName: app-tls-v2\nsecret: app-db-2\nsecretKeyRef:\n  name: app\n  key: password",
        "POSTGRES_PASSWORD_FILE: /run/secrets/db\nsecrets:\n  - db_password",
        "docker login --username app --password-stdin registry.example.com",
        "docker run --user www-data:www-data --user 1000:1000 app",
        "docker service create --secret app_db_v2 app",
        'mysqldump -u root -p db\nmysql -u root -p"$PW" -P 3306',
        'curl -u $USER:$PASS https://x\ncurl -u "${U}:${P}" https://x\ncurl --user app https://x',
        "GRANT ALL ON app.* TO 'app'@'%' IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29';",
        "ALTER ROLE app PASSWORD '%{lookup(\"x\")}';\nALTER USER x IDENTIFIED BY '${PW}';",
        "<password/>\n<password></password>\n<password>${db.password}</password>\n<password>{AQAAABAAAAAg}</password>",
        "SSLCipherSuite HIGH:!aNULL\nKexAlgorithms curve25519-sha256\nMACs hmac-sha2-512,hmac-sha2-256",
        "tls_privatekey = CONFDIR/exim.key\ntls_privatekey = MAIN_TLS_PRIVATEKEY",
        "kpasswd 464/tcp\nnew_authtok_reqd=done",
        "<passphrase>optional; leave empty if not used</passphrase>",
        "See [the.manual] https://www.example.com/ for login and password rules",
        "rabbitmqctl change_password admin, then type it",
        "gsub => [ 'message', 'password=[^&]*', 'password=FILTERED' ]",
        'if [ "$PASSWORD" = "" ]; then\nif ($token == "x") {\npassword != \'x\'',
        "filter_parameters: ['password', 'secret', \"token\"]",
        "Authorization: Bearer <token>\nAuthorization: Bearer ${TOKEN}\nAuthorization: Basic authentication",
        "passwordauth: yes\ntokens: true\nsecret: no",
        f'password = {ANY}\npassword: {ANY}\nrequirepass {ANY}\n"password": "{ANY}"\napp --password {ANY}',
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    "value",
    [
        *("kX(29fjwQ!", "&kirschen", "`kirschen", ",kirschen", ";kirschen", "|kirschen", "=kirschen", "<kirschen"),
        *("{kirschen", "$(kirschen", "pass(word)1", "xY7.*Kirsch", "KIRSCH_KUCHEN", "$ecret2024", "k%irsch"),
    ],
)
def test_every_sign_belongs_to_a_variable_that_is_the_whole_item(value: str) -> None:
    assert rules_of_item(f"DB_PASSWORD={value}") == ["plaintext-assignment"]


@pytest.mark.parametrize(
    "item",
    [
        *(
            f"DB_PASSWORD={value}"
            for value in (
                *("$(cat /x)", "$(cat)", "`cat /x`", "`cat`", "${X}", "${X:-geheim}", "$X", "$X$Y", "${A}-${B}", "$1"),
                *("{{x}}", "<password>", "<%=x%>", "[hidden]", "@X@", "((x))", "YOUR_WORD", "DB_PASSWORD", "get(x)"),
                *("CHANGE_ME", "/run/secrets/x", "xxxxxx", "*****", "server.key", "[^&]+", "&user=x", "!", ANY),
            )
        ),
        *("password=[^&]+", "password=.*x", "credentials=/etc/samba/credentials,uid=1000", "token==1.0", "a=x(1"),
        *("PASSWORD_HASHER=django.contrib.auth.hashers.Argon2PasswordHasher", "OS::Passwords: OS::Heat::None"),
        *("uid=user,userPassword=password", "docker build --secret id=npmrc,src=/root/.npmrc .", "run --secret type=x"),
    ],
)
def test_an_item_that_says_where_its_value_comes_from_is_left_alone(item: str) -> None:
    assert rules_of_item(item) == []


@pytest.mark.parametrize(
    "text", ["a: [\nmysql::root_password: Kirsch9kuchen\n", "a: [\n'db::token' : \"kirschkuchen\"\n"]
)
def test_a_name_with_a_namespace_is_seen_in_a_file_that_is_no_yaml(text: str) -> None:
    assert [finding.line for finding in clear_text.find(Subject.read("a.yaml", text), Knowledge())] == [2]


@pytest.mark.parametrize("word", ["Hunter2", "kirsch9kuchen", "Kirsch+Kuchen", "wJalrXUtnFEMI7", "geheim!1"])
def test_letters_with_digits_or_signs_look_like_a_password(word: str) -> None:
    assert looks_like_password(word)


@pytest.mark.parametrize(
    "word",
    [
        *("geheim", "must", "a1", "app-db-2", "system_auth2", "db1.example.com", "db1:5432", "pw2.txt", "30days"),
        *("SHA512", "aes-256-gcm", "ops@example.com", "1.5.0", "123456789", "argon2id", "two words1"),
    ],
)
def test_a_name_an_algorithm_or_a_quantity_does_not(word: str) -> None:
    assert not looks_like_password(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("must have 12 characters", True),
        ("don't ask", True),
        ("geheim", False),
        ("correct h0rse", False),
        ("a b!c", False),
    ],
)
def test_prose_is_several_words_of_letters_or_digits(text: str, expected: object) -> None:
    assert is_prose(text) is expected
