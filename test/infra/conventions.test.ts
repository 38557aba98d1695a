import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { chosenDeployments, needed } from "./chosenDeployments.ts"
import { deploy } from "./deployment.ts"
import { isObject } from "./intrinsics.ts"
import { type Json, type Parameter, readTemplate, type Resource, templateNames } from "./template.ts"

const templates = templateNames.map((name) => [`infra/${name}.yaml`, readTemplate(name)] as const)

/** Whether it is said what a parameter may be: a choice, a form, numbers from one on, or what AWS itself looks up. */
const isBounded = ({ AllowedPattern, AllowedValues, MinValue, Type }: Parameter): boolean =>
  Type.startsWith("AWS::") || Type.startsWith("List<") || AllowedPattern !== undefined ||
  (AllowedValues !== undefined && AllowedValues.length > 0) || (Type === "Number" && MinValue !== undefined)

/** Properties by which a resource has a name that nobody else in the account may have. */
const physicalNames: Readonly<Record<string, ReadonlyArray<string>>> = {
  "AWS::ApplicationAutoScaling::ScalableTarget": [],
  "AWS::CloudWatch::Alarm": ["AlarmName"],
  "AWS::CloudWatch::Dashboard": ["DashboardName"],
  "AWS::Cognito::UserPool": ["UserPoolName"],
  "AWS::Cognito::UserPoolDomain": ["Domain"],
  "AWS::DynamoDB::Table": ["TableName"],
  "AWS::ECR::Repository": ["RepositoryName"],
  "AWS::ECS::Cluster": ["ClusterName"],
  "AWS::ECS::Service": ["ServiceName"],
  "AWS::ECS::TaskDefinition": ["Family"],
  "AWS::EC2::SecurityGroup": ["GroupName"],
  "AWS::ElastiCache::ServerlessCache": ["ServerlessCacheName"],
  "AWS::ElastiCache::User": ["UserId"],
  "AWS::ElastiCache::UserGroup": ["UserGroupId"],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": ["Name"],
  "AWS::ElasticLoadBalancingV2::TargetGroup": ["Name"],
  "AWS::Events::Rule": ["Name"],
  "AWS::IAM::Role": ["RoleName"],
  "AWS::KMS::Alias": ["AliasName"],
  "AWS::Lambda::Function": ["FunctionName"],
  "AWS::Serverless::Function": ["FunctionName"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::RDS::DBCluster": ["DBClusterIdentifier"],
  "AWS::RDS::DBClusterParameterGroup": ["DBClusterParameterGroupName"],
  "AWS::RDS::DBInstance": ["DBInstanceIdentifier"],
  "AWS::RDS::DBParameterGroup": ["DBParameterGroupName"],
  "AWS::RDS::DBSubnetGroup": ["DBSubnetGroupName"],
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::SecretsManager::Secret": ["Name"],
  "AWS::SNS::Topic": ["TopicName"],
  "AWS::ApiGatewayV2::Api": ["Name"],
  // A stage's name is its API's.
  "AWS::ApiGatewayV2::Stage": [],
  "AWS::ApiGatewayV2::VpcLink": ["Name"]
}

/** Whether a name is another in each stack. */
const isOfTheStack = (name: Json): boolean => /AWS::Stack(?:Name|Id)/.test(JSON.stringify(name))

const namesIn = ({ Properties = {}, Type }: Resource): ReadonlyArray<Json> =>
  (physicalNames[Type] ?? []).flatMap((property) => {
    const name = Properties[property]
    return name === undefined ? [] : [name]
  })

/** A name by its property's own name, in whatever type: who adds a type adds it to the list above. */
const looksNamed = (type: string, property: string): boolean =>
  !(type in physicalNames) && property === `${type.split("::")[2]}Name`

describe.each(templates)("%s", (_file, template) => {
  const parameters = Object.entries(template.Parameters ?? {})
  const resources = Object.entries(template.Resources)

  it("says of itself, of each parameter and of each output what it is", () => {
    assert.match(template.Description ?? "", /\bMarginalia\b/)
    const silent = [...parameters, ...Object.entries(template.Outputs ?? {})].filter(([, { Description = "" }]) =>
      !/^\S.*\S$/.test(Description)
    )
    assert.deepStrictEqual(silent.map(([name]) => name), [])
  })

  it("says of each parameter which values it may have", () => {
    assert.deepStrictEqual(parameters.filter(([, parameter]) => !isBounded(parameter)).map(([name]) => name), [])
  })

  it("uses each parameter, and each condition", () => {
    const { Conditions = {}, Globals = {}, Outputs = {}, Resources, Rules = {} } = template
    const text = JSON.stringify([Conditions, Globals, Resources, Outputs, Rules])
    const isUsed = (name: string) =>
      text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`) || text.includes(`"Condition":"${name}"`) ||
      text.includes(`"Fn::If":["${name}",`)
    const declared = [...parameters.map(([name]) => name), ...Object.keys(Conditions)]
    assert.deepStrictEqual(declared.filter((name) => !isUsed(name)), [])
  })

  it("gives nothing a name that another stack of it would have, too", () => {
    const taken = resources.filter(([, resource]) => namesIn(resource).some((name) => !isOfTheStack(name)))
    assert.deepStrictEqual(taken.map(([name]) => name), [])
    const unlisted = resources.flatMap(([name, { Properties = {}, Type }]) =>
      Object.keys(Properties).filter((property) => looksNamed(Type, property)).map((property) => `${name}.${property}`)
    )
    assert.deepStrictEqual(unlisted, [])
  })
})

describe("infra/template.yaml", () => {
  const root = readTemplate("template")
  const stacks = Object.entries(root.Resources).filter(([, { Type }]) => Type === "AWS::CloudFormation::Stack")

  it("has a nested stack for each subject, and nothing else", () => {
    assert.lengthOf(stacks, Object.keys(root.Resources).length)
    const files = stacks.map(([, { Properties = {} }]) => Properties["TemplateURL"])
    const subjects = templateNames.filter((name) => !["template", "bootstrap", "identity"].includes(name))
    assert.deepStrictEqual<unknown>(files.toSorted(), subjects.map((name) => `./${name}.yaml`))
  })

  it.each(stacks)(
    "gives %s all that it must be told, and nothing that it doesn't know",
    (_name, { Properties = {} }) => {
      const { Parameters = {}, TemplateURL } = Properties
      const declared = readTemplate(String(TemplateURL).slice("./".length, -".yaml".length)).Parameters ?? {}
      const given = isObject(Parameters) ? Object.keys(Parameters) : []
      const needed = Object.entries(declared).filter(([, { Default }]) => Default === undefined).map(([name]) => name)
      assert.deepStrictEqual(needed.filter((name) => !given.includes(name)), [])
      assert.deepStrictEqual(given.filter((name) => !(name in declared)), [])
    }
  )

  it.each(chosenDeployments)("can be worked out: %s", (_name, parameters) => {
    const deployed = deploy(readTemplate, parameters)
    assert.strictEqual(deployed.size, stacks.length + 1)
    for (const output of Object.keys(root.Outputs ?? {})) {
      assert.isNotNull(deployed.get("template")?.output(output), output)
    }
  })

  it("has no image by default: somebody chooses each deployment's, by its digest", () => {
    const { Image } = root.Parameters ?? {}
    assert.notProperty(Image, "Default")
    const pattern = new RegExp(Image?.AllowedPattern ?? "^$")
    const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/marginalia"
    assert.match(`${repository}@sha256:${"0".repeat(64)}`, pattern)
    for (const tagged of [`${repository}:latest`, repository, `${repository}@sha256:${"0".repeat(63)}`]) {
      assert.notMatch(tagged, pattern)
    }
  })
})

describe("infra/samconfig.toml", () => {
  const text = readFileSync(fileURLToPath(new URL("../../infra/samconfig.toml", import.meta.url)), "utf8")
  const environments = text.split(/^\[(?=\w+\.deploy\.parameters\])/m).slice(1).map((section) =>
    [/^\w+/.exec(section)?.[0] ?? "", section] as const
  )

  it("has an environment for each that the root knows", () => {
    const { Environment } = readTemplate("template").Parameters ?? {}
    assert.deepStrictEqual<unknown>(environments.map(([name]) => name), Environment?.AllowedValues)
  })

  it.each(environments)("gives %s what the root takes, by its rules, too", (name, section) => {
    const said = Object.fromEntries(
      [...section.matchAll(/^ +"(\w+)=([^"]*)"/gm)].map(([, key = "", value = ""]) => [key, value])
    )
    assert.strictEqual(said["Environment"], name)
    assert.doesNotThrow(() => deploy(readTemplate, { ...needed, ...said }))
    assert.match(section, /^capabilities = \["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"\]$/m)
  })
})
