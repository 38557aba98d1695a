import { Schema } from "effect"
import type { DeployedResource, DeployedStack } from "./deployment.ts"

/** A program in a deployment, and what the templates give it. */
export interface DeployedProgram {
  readonly name: string
  readonly resource: DeployedResource
  readonly role: string
  readonly environment: Readonly<Record<string, string>>
  /** Variables that ECS fills from secrets: the ARN, and what follows it. */
  readonly secrets: Readonly<Record<string, string>>
}

/** What a deployment has, stack by stack. */
export type Deployment = ReadonlyMap<string, DeployedStack>

/** All resources of a deployment that are of a type. */
export const resourcesOf = (deployment: Deployment, ...types: ReadonlyArray<string>): ReadonlyArray<DeployedResource> =>
  [...deployment.values()].flatMap(({ resources }) =>
    [...resources.values()].filter(({ type }) => types.includes(type))
  )

const Text = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
const Variable = Schema.Struct({ Name: Schema.String, Value: Text })

/** A container of a task. */
export const Container = Schema.Struct({
  Name: Schema.String,
  Image: Schema.String,
  Command: Schema.optionalKey(Schema.Array(Schema.String)),
  User: Schema.optionalKey(Schema.String),
  ReadonlyRootFilesystem: Schema.optionalKey(Schema.Boolean),
  StopTimeout: Schema.optionalKey(Schema.Finite),
  PortMappings: Schema.optionalKey(Schema.Array(Schema.Struct({ ContainerPort: Schema.Finite }))),
  Environment: Schema.optionalKey(Schema.Array(Variable)),
  Secrets: Schema.optionalKey(Schema.Array(Schema.Struct({ Name: Schema.String, ValueFrom: Schema.String }))),
  LogConfiguration: Schema.Struct({ Options: Schema.Record(Schema.String, Schema.String) })
})

/** A task, with as much of it as tests look at. */
export const TaskDefinition = Schema.Struct({
  TaskRoleArn: Schema.String,
  ExecutionRoleArn: Schema.String,
  ContainerDefinitions: Schema.Array(Container)
})
export const decodeTask = Schema.decodeUnknownSync(TaskDefinition)

/** A function, with as much of it as tests look at. */
const LambdaFunction = Schema.Struct({
  Role: Schema.String,
  Runtime: Schema.String,
  Handler: Schema.String,
  Architectures: Schema.Array(Schema.String),
  Environment: Schema.Struct({ Variables: Schema.Record(Schema.String, Text) }),
  VpcConfig: Schema.Struct({
    SubnetIds: Schema.Array(Schema.String),
    SecurityGroupIds: Schema.Array(Schema.String)
  }),
  LoggingConfig: Schema.Struct({ LogGroup: Schema.String })
})
export const decodeFunction = Schema.decodeUnknownSync(LambdaFunction)

const asText = (entries: ReadonlyArray<readonly [name: string, value: string | number | boolean]>) =>
  Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))

/** The containers that run programs of the image, and not one beside them. */
export const programContainers = (resource: DeployedResource) =>
  decodeTask(resource.properties).ContainerDefinitions.flatMap((container) => {
    const [file = ""] = container.Command ?? []
    return file.endsWith(".mjs") ? [{ ...container, program: file.slice(0, -".mjs".length) }] : []
  })

const ofTask = (resource: DeployedResource): ReadonlyArray<DeployedProgram> => {
  const { TaskRoleArn } = decodeTask(resource.properties)
  return programContainers(resource).map(({ Environment = [], Secrets = [], program }) => ({
    name: program,
    resource,
    role: TaskRoleArn,
    environment: asText(Environment.map(({ Name, Value }) => [Name, Value])),
    secrets: asText(Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom]))
  }))
}

const ofFunction = (resource: DeployedResource): DeployedProgram => {
  const { Environment, Role } = decodeFunction(resource.properties)
  return {
    name: resource.name.replace(/Function$/, "").toLowerCase(),
    resource,
    role: Role,
    environment: asText(Object.entries(Environment.Variables)),
    secrets: {}
  }
}

/** All programs of a deployment: those in tasks by their file, those in functions by their logical id. */
export const programsOf = (deployment: Deployment): ReadonlyArray<DeployedProgram> => [
  ...resourcesOf(deployment, "AWS::ECS::TaskDefinition").flatMap(ofTask),
  ...resourcesOf(deployment, "AWS::Lambda::Function").map(ofFunction)
]
