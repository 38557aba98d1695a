import { Schema } from "effect"
import { type DeployedResource, told } from "./deployment.ts"
import { decodeFunction, type DeployedProgram, type Deployment, programsOf, resourcesOf } from "./programs.ts"

/** A way through the network: `caller > callee:port`. */
export type Path = string

export const pathTo = (caller: string, callee: string, port: number): Path => `${caller} > ${callee}:${port}`

const Port = Schema.Union([Schema.Finite, Schema.FiniteFromString])
const Groups = Schema.Array(Schema.String)

const Rule = Schema.Struct({
  GroupId: Schema.String,
  SourceSecurityGroupId: Schema.optionalKey(Schema.String),
  DestinationSecurityGroupId: Schema.optionalKey(Schema.String),
  CidrIp: Schema.optionalKey(Schema.String),
  IpProtocol: Schema.Literal("tcp"),
  FromPort: Port,
  ToPort: Port,
  Description: Schema.String
})
const decodeRule = Schema.decodeUnknownSync(Rule, { onExcessProperty: "error" })

const portsOf = ({ FromPort, ToPort }: typeof Rule.Type): ReadonlyArray<number> =>
  Array.from({ length: ToPort - FromPort + 1 }, (_, place) => FromPort + place)

const sorted = (paths: ReadonlyArray<Path>): ReadonlyArray<Path> => [...new Set(paths)].toSorted()

/** What callers may send. */
export const egress = (deployment: Deployment): ReadonlyArray<Path> =>
  sorted(
    resourcesOf(deployment, "AWS::EC2::SecurityGroupEgress").map(({ properties }) => decodeRule(properties)).flatMap(
      (rule) =>
        portsOf(rule).map((port) => pathTo(rule.GroupId, rule.DestinationSecurityGroupId ?? `${rule.CidrIp}`, port))
    )
  )

/** What callees may receive. */
export const ingress = (deployment: Deployment): ReadonlyArray<Path> =>
  sorted(
    resourcesOf(deployment, "AWS::EC2::SecurityGroupIngress").map(({ properties }) => decodeRule(properties)).flatMap(
      (rule) => portsOf(rule).map((port) => pathTo(rule.SourceSecurityGroupId ?? `${rule.CidrIp}`, rule.GroupId, port))
    )
  )

const Service = Schema.Struct({
  TaskDefinition: Schema.String,
  LoadBalancers: Schema.Array(Schema.Struct({ ContainerPort: Port, TargetGroupArn: Schema.String })),
  NetworkConfiguration: Schema.Struct({
    AwsvpcConfiguration: Schema.Struct({ SecurityGroups: Groups, Subnets: Groups, AssignPublicIp: Schema.String })
  })
})
const decodeService = Schema.decodeUnknownSync(Service)

const refOf = ({ name, stack }: DeployedResource): string => told(stack, name)

/** The services of a deployment, decoded. */
const servicesOf = (deployment: Deployment) =>
  resourcesOf(deployment, "AWS::ECS::Service").map(({ properties }) => decodeService(properties))

/** The security groups of a program. No service runs ops: operators start its task in the group that the root tells. */
export const groupsOf = (deployment: Deployment, { resource }: DeployedProgram): ReadonlyArray<string> => {
  if (resource.type === "AWS::Lambda::Function") return decodeFunction(resource.properties).VpcConfig.SecurityGroupIds
  const service = servicesOf(deployment).find(({ TaskDefinition }) => TaskDefinition === refOf(resource))
  return service?.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups ??
    [String(deployment.get("template")?.output("OpsSecurityGroup"))]
}

const only = (groups: ReadonlyArray<string>): string => {
  const [group] = groups
  if (group === undefined || groups.length > 1) throw new Error(`${groups.length} security groups instead of one`)
  return group
}

const Database = Schema.Struct({
  VPCSecurityGroups: Schema.optionalKey(Groups),
  VpcSecurityGroupIds: Schema.optionalKey(Groups),
  Port
})

/** The group and the port of what serves a URL, by the resource whose address the URL has. */
const behind = (deployment: Deployment, url: string): ReadonlyArray<readonly [group: string, port: number]> => {
  const [, stack = "", name = ""] = /[@/]<(\w+)\.(\w+)\.[\w.]*Address>:/.exec(url) ?? []
  const resource = deployment.get(stack)?.resources.get(name)
  if (resource === undefined) throw new Error(`No resource has the address in ${url}`)
  if (resource.type === "AWS::ElastiCache::ServerlessCache") {
    const { SecurityGroupIds } = Schema.decodeUnknownSync(Schema.Struct({ SecurityGroupIds: Groups }))(
      resource.properties
    )
    // A serverless cache has a port for each, writes and reads.
    return [6379, 6380].map((port) => [only(SecurityGroupIds), port])
  }
  const { Port, VPCSecurityGroups, VpcSecurityGroupIds } = Schema.decodeUnknownSync(Database)(resource.properties)
  return [[only(VPCSecurityGroups ?? VpcSecurityGroupIds ?? []), Port]]
}

/** Everywhere by TLS: AWS's endpoints, the issuer of tokens. */
export const anywhere = (group: string): Path => pathTo(group, "0.0.0.0/0", 443)

const ofProgram = (deployment: Deployment, program: DeployedProgram): ReadonlyArray<Path> => {
  const group = only(groupsOf(deployment, program))
  const urls = Object.values(program.environment).filter((value) => /^(?:postgres|rediss?):/.test(value))
  const { environment, resource } = program
  // A task fetches its image, its secrets and sends its log by the way that it has itself; a function does none of these.
  const goesOut = resource.type === "AWS::ECS::TaskDefinition" ||
    ["EVENTS_TABLE", "TOKEN_ISSUER"].some((variable) => variable in environment) || asksForSecrets(program)
  return [
    ...urls.flatMap((url) => behind(deployment, url).map(([callee, port]) => pathTo(group, callee, port))),
    ...(goesOut ? [anywhere(group)] : [])
  ]
}

const asksForSecrets = ({ environment }: DeployedProgram): boolean =>
  Object.keys(environment).some((variable) => variable.endsWith("_SECRET"))

/** Whose calls interface endpoints take: tasks' images, logs and secrets, and the secrets that functions ask for. */
export const callersOfEndpoints = (deployment: Deployment): ReadonlyArray<string> =>
  programsOf(deployment)
    .filter((program) => program.resource.type === "AWS::ECS::TaskDefinition" || asksForSecrets(program))
    .flatMap((program) => groupsOf(deployment, program))

const TargetGroup = Schema.Struct({ Port, HealthCheckPort: Port })

/** From the gateway's link to the balancer, and from the balancer to the services. */
const ofRequests = (deployment: Deployment): ReadonlyArray<Path> => {
  const groupsIn = (type: string, key: string): string =>
    only(
      resourcesOf(deployment, type).flatMap(({ properties }) => {
        const groups = properties[key]
        return Schema.decodeUnknownSync(Groups)(groups)
      })
    )
  const balancer = groupsIn("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups")
  const link = groupsIn("AWS::ApiGatewayV2::VpcLink", "SecurityGroupIds")
  const listeners = resourcesOf(deployment, "AWS::ElasticLoadBalancingV2::Listener").map(({ properties }) =>
    Schema.decodeUnknownSync(Port)(properties["Port"])
  )
  const targets = resourcesOf(deployment, "AWS::ElasticLoadBalancingV2::TargetGroup")
  return [
    ...listeners.map((port) => pathTo(link, balancer, port)),
    ...servicesOf(deployment).flatMap(({ LoadBalancers, NetworkConfiguration }) =>
      LoadBalancers.flatMap(({ ContainerPort, TargetGroupArn }) => {
        const group = only(NetworkConfiguration.AwsvpcConfiguration.SecurityGroups)
        const target = targets.find((one) => refOf(one) === TargetGroupArn)
        const { HealthCheckPort } = Schema.decodeUnknownSync(TargetGroup)(target?.properties)
        return [ContainerPort, HealthCheckPort].map((port) => pathTo(balancer, group, port))
      })
    )
  ]
}

/** Every way that something in a deployment needs. */
export const neededPaths = (deployment: Deployment): ReadonlyArray<Path> =>
  sorted([
    ...ofRequests(deployment),
    ...programsOf(deployment).flatMap((program) => ofProgram(deployment, program))
  ])
