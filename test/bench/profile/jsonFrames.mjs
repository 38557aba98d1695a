// V8's profiler counts what JSON's own functions take to whoever called them. Loaded before a program that is profiled, this
// gives them frames that can be told apart.

const { parse, stringify } = JSON

Object.assign(JSON, {
  parse: (...given) => parse(...given),
  stringify: (...given) => stringify(...given)
})
