# Looks one key up in each of several environments, as a catalog does, in one process: `puppet lookup` keeps the words of
# an error to itself. Reads {"key": …, "environments": […]}, writes [[true, value] or [false, error], …].
require 'json'
require 'puppet'

asked = JSON.parse($stdin.read)
Puppet.initialize_settings(%w[confdir vardir codedir logdir rundir publicdir].flat_map { |name| ["--#{name}", File.join(ARGV[0], name)] })

answers = asked['environments'].map do |folder|
  begin
    value = Puppet::Pal.in_environment('production', env_dir: folder, modulepath: [], facts: { 'site' => 'north' }) do |context|
      context.with_catalog_compiler { |compiler| compiler.call_function('lookup', asked['key']) }
    end
    [true, value]
  rescue StandardError => e
    [false, e.message]
  end
end
puts JSON.generate(answers)
