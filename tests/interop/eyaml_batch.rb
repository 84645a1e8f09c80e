# Many values through hiera-eyaml-gpg itself in one process: `eyaml_batch.rb decrypt|encrypt HOME RECIPIENTS`.
# Lines of base64 in, lines of base64 out.
require 'base64'
require 'hiera/backend/eyaml'
require 'hiera/backend/eyaml/options'
require 'hiera/backend/eyaml/encryptor'

operation, home, recipients = ARGV
Hiera::Backend::Eyaml::Options[:gpg_gnupghome] = home
Hiera::Backend::Eyaml::Options[:gpg_recipients] = recipients
gpg = Hiera::Backend::Eyaml::Encryptor.find('gpg')
STDIN.each_line { |line| puts Base64.strict_encode64(gpg.public_send(operation, Base64.strict_decode64(line.chomp))) }
