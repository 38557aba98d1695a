# The shell in which `npm ci && npm test` and `npm run stack` need nothing else: `nix develop`.
{
  description = "Marginalia's development shell: Node, the engines that its tests and its stack start, and the tools of AWS";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;

      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];

      packagesFor = system: import nixpkgs {
        inherit system;
        # AWS lets anybody use DynamoDB Local, and doesn't license it as free software.
        config.allowUnfreePredicate = package: lib.getName package == "dynamodb-local";
      };

      # The SAM CLI names exact versions of what it needs, which nixpkgs seldom has: its build then fails when it compares them.
      # Changed like this, it is built here and not fetched: without its own tests, which are nixpkgs' to run.
      relaxed = package:
        if package ? overridePythonAttrs
        then package.overridePythonAttrs (_: { dontCheckRuntimeDeps = true; doCheck = false; })
        else package;

      shellFor = system:
        let
          pkgs = packagesFor system;
          node = pkgs.nodejs_24;
          postgresql = pkgs.postgresql_18;
          # What AWS runs as ElastiCache, under the name by which the stack and the tests look for it.
          redisServer = pkgs.writeShellScriptBin "redis-server" ''exec ${pkgs.valkey}/bin/valkey-server "$@"'';
          # npm puts node_modules/.bin before everything else, and there lies a Node that NixOS can't run (it has no loader where
          # that Node looks for it). What npm runs finds this one first.
          npmShell = pkgs.writeShellScript "npm-script-shell" ''
            export PATH=${node}/bin:"$PATH"
            exec ${pkgs.bashInteractive}/bin/bash "$@"
          '';
        in
        pkgs.mkShell {
          packages = [
            node
            postgresql
            pkgs.valkey
            redisServer
            # The command dynamodb-local, with a JRE of its own. The tests and the stack run the JAR that npm installs: with this Java.
            pkgs.dynamodb-local
            pkgs.jdk21_headless
            (relaxed pkgs.aws-sam-cli)
            pkgs.awscli2
            pkgs.python3Packages.cfn-lint
            # `npm run check:infra` makes its environments with it.
            pkgs.python3
            pkgs.shellcheck
            # What the scripts and the tests call.
            pkgs.bashInteractive
            pkgs.coreutils
            pkgs.curl
            pkgs.git
            pkgs.openssl
          ];
          # Instead of the binaries that npm installs, which NixOS can't run either.
          POSTGRES_BIN = "${postgresql}/bin";
          npm_config_script_shell = npmShell;
        };
    in
    {
      devShells = lib.genAttrs systems (system: { default = shellFor system; });
    };
}
