import { evaluator, isObject, type Surroundings } from "./intrinsics.ts"
import type { Json, Parameter, Template } from "./template.ts"

/** A resource as it would be made: its properties worked out, as far as they don't depend on AWS. */
export interface DeployedResource {
  readonly stack: string
  readonly name: string
  readonly type: string
  readonly properties: { readonly [name: string]: Json }
}

/** A stack as it would be made. */
export interface DeployedStack {
  readonly name: string
  readonly parameters: ReadonlyMap<string, Json>
  /** What the stack's conditions leave, by logical id. */
  readonly resources: ReadonlyMap<string, DeployedResource>
  readonly output: (name: string) => Json
}

const nested = "AWS::CloudFormation::Stack"

/** What only AWS knows stands in angle brackets: `<Data.EventsTable.Arn>`, `<Network.DatabaseSecurityGroup>`. */
export const told = (stack: string, resource: string, attribute?: string): string =>
  `<${[stack, resource, ...(attribute === undefined ? [] : [attribute])].join(".")}>`

const pseudo = (stack: string): Readonly<Record<string, Json>> => ({
  "AWS::Region": "eu-central-1",
  "AWS::Partition": "aws",
  "AWS::AccountId": "123456789012",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": `marginalia-${stack}`,
  "AWS::StackId":
    `arn:aws:cloudformation:eu-central-1:123456789012:stack/marginalia-${stack}/4f5a6b70-0000-11f0-8000-000000000000`
})

const isUnknown = (value: Json): boolean => String(value).includes("<")

/** Whether CloudFormation takes a value for a parameter; of what only AWS knows nothing is said. */
const isTaken = ({ AllowedPattern, AllowedValues, MaxValue, MinValue }: Parameter, value: Json): boolean =>
  isUnknown(value) || (
    (AllowedValues === undefined || AllowedValues.map(String).includes(String(value))) &&
    (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(String(value))) &&
    (MinValue === undefined || Number(value) >= MinValue) &&
    (MaxValue === undefined || Number(value) <= MaxValue)
  )

const isList = ({ Type }: Parameter): boolean => Type === "CommaDelimitedList" || Type.startsWith("List<")

const parameterValue = (stack: string, name: string, parameter: Parameter, given: Json | undefined): Json => {
  const value = given ?? parameter.Default
  if (value === undefined) throw new Error(`${stack} isn't told its parameter ${name}`)
  // A list that nothing is said of has one element, which is empty.
  const list = isList(parameter) && typeof value === "string" ? value.split(",") : undefined
  for (const one of list ?? [value]) {
    if (!isTaken(parameter, one)) throw new Error(`${stack} takes no ${JSON.stringify(one)} as its parameter ${name}`)
  }
  return parameter.Type.startsWith("AWS::SSM::") ? `<ssm ${String(value)}>` : list ?? value
}

/** What a stack and those in it come to, each by the name of its logical id; the root's is `template`. */
export const deploy = (
  templates: (name: string) => Template,
  given: Readonly<Record<string, Json>>
): ReadonlyMap<string, DeployedStack> => {
  const stacks = new Map<string, DeployedStack>()
  const begun = new Set<string>()

  const make = (
    name: string,
    template: Template,
    values: Readonly<Record<string, Json>>
  ): DeployedStack => {
    const declared = template.Parameters ?? {}
    const unknown = Object.keys(values).filter((parameter) => !(parameter in declared))
    if (unknown.length > 0) throw new Error(`${name} has no parameters ${unknown.join(", ")}`)
    const parameters = new Map(
      Object.entries(declared).map(([parameter, its]) => [
        parameter,
        parameterValue(name, parameter, its, values[parameter])
      ])
    )

    const isThere = (resource: string): boolean => {
      const found = template.Resources[resource]
      if (found === undefined) throw new Error(`${name} has no resource ${resource}`)
      return found.Condition === undefined || surroundings.condition(found.Condition)
    }

    const surroundings: Surroundings = {
      ref: (referred) => {
        const known = parameters.get(referred) ?? pseudo(name)[referred]
        if (known !== undefined) return known
        if (!isThere(referred)) throw new Error(`${name} refers to ${referred}, which its conditions leave out`)
        return told(name, referred)
      },
      attribute: (resource, attribute) => {
        if (!isThere(resource)) throw new Error(`${name} refers to ${resource}, which its conditions leave out`)
        const isNested = template.Resources[resource]?.Type === nested
        return isNested && attribute.startsWith("Outputs.")
          ? child(resource).output(attribute.slice("Outputs.".length))
          : told(name, resource, attribute)
      },
      condition: (condition) => {
        const found = template.Conditions?.[condition]
        if (found === undefined) throw new Error(`${name} has no condition ${condition}`)
        return truth(found)
      },
      mapping: (map, key, of) => {
        const found = template.Mappings?.[map]?.[key]?.[of]
        if (found === undefined) throw new Error(`${name} has no mapping ${map}.${key}.${of}`)
        return found
      }
    }
    const { evaluate, truth } = evaluator(surroundings)

    for (const { Assertions, RuleCondition } of Object.values(template.Rules ?? {})) {
      if (RuleCondition !== undefined && !truth(RuleCondition)) continue
      const broken = Assertions.find(({ Assert }) => !truth(Assert))
      if (broken !== undefined) throw new Error(broken.AssertDescription)
    }

    const child = (resource: string): DeployedStack => {
      const made = stacks.get(resource)
      if (made !== undefined) return made
      if (begun.has(resource)) throw new Error(`${resource} depends on itself`)
      begun.add(resource)
      const { Parameters = {}, TemplateURL } = template.Resources[resource]?.Properties ?? {}
      const file = /^\.\/(?<subject>[a-z]+)\.yaml$/.exec(String(TemplateURL))?.groups?.["subject"]
      if (file === undefined) throw new Error(`${resource} has no template of this folder: ${String(TemplateURL)}`)
      const its = evaluate(Parameters)
      return make(resource, templates(file), isObject(its) ? its : {})
    }

    const resources = new Map<string, DeployedResource>()
    const stack: DeployedStack = {
      name,
      parameters,
      resources,
      output: (output) => {
        const found = template.Outputs?.[output]
        if (found === undefined) throw new Error(`${name} has no output ${output}`)
        return evaluate(found.Value)
      }
    }
    stacks.set(name, stack)
    for (const [resource, { Properties = {}, Type }] of Object.entries(template.Resources)) {
      if (!isThere(resource)) continue
      if (Type === nested) child(resource)
      const properties = evaluate(Properties)
      resources.set(resource, {
        stack: name,
        name: resource,
        type: Type,
        properties: isObject(properties) ? properties : {}
      })
    }
    return stack
  }

  make("template", templates("template"), given)
  return stacks
}
