# What flake.nix comes to, with a nixpkgs that holds nothing but names. For `nix-instantiate --eval --strict --json`.
let
  flake = import ../../../flake.nix;
  nixpkgs = {
    outPath = ./nixpkgs;
    lib = import ./nixpkgs/lib.nix;
  };
  outputs = flake.outputs { self = outputs; inherit nixpkgs; };
  unfree = [ "dynamodb-local" "valkey" "anything" ];
  shell = { default, ... }: {
    inherit (default) system POSTGRES_BIN;
    packages = map (package: package.pname) default.packages;
    scripts = map (package: package.text) (builtins.filter (package: package ? text) default.packages);
    overridden = map (package: package.overridden) (builtins.filter (package: package ? overridden) default.packages);
    allowed = builtins.filter (pname: default.config.allowUnfreePredicate { inherit pname; }) unfree;
    npmShell = default.npm_config_script_shell.text;
  };
in
{
  attributes = builtins.attrNames flake;
  inherit (flake) description inputs;
  outputs = builtins.attrNames outputs;
  shells = builtins.mapAttrs (_: shell) outputs.devShells;
  names = builtins.mapAttrs (_: builtins.attrNames) outputs.devShells;
}
