# The functions of nixpkgs' library that the flake calls.
{
  genAttrs = names: value: builtins.listToAttrs (map (name: { inherit name; value = value name; }) names);
  getName = package: package.pname;
}
