# Stands for nixpkgs where that can't be had: it knows packages by their names and holds none. Asking it for another is an error.
{ system, config }:
let
  package = pname: {
    inherit pname system;
    outPath = "/nix/store/${pname}";
  };
  packages = names: builtins.listToAttrs (map (name: { inherit name; value = package name; }) names);
  script = name: text: package name // { inherit text; outPath = "/nix/store/script-${name}"; };
in
# Names that nixpkgs has in nixos-26.05.
packages [
  "awscli2"
  "bashInteractive"
  "coreutils"
  "curl"
  "dynamodb-local"
  "git"
  "jdk21_headless"
  "nodejs_24"
  "openssl"
  "postgresql_18"
  "python3"
  "shellcheck"
  "valkey"
] // {
  python3Packages = packages [ "cfn-lint" ];

  # Made by the builder of Python's packages, which can be overridden; on one system it can't, for a flake must not need that.
  aws-sam-cli = package "aws-sam-cli" // (if system == "aarch64-darwin" then { } else {
    overridePythonAttrs = change: package "aws-sam-cli" // { overridden = change { }; };
  });

  writeShellScriptBin = script;
  writeShellScript = script;
  mkShell = shell: shell // { inherit system config; };
}
