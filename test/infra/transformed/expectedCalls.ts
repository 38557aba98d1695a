import { Schema } from "effect"
import { image } from "../chosenDeployments.ts"
import { told } from "../deployment.ts"
import { decodeFunction, decodeTask, type DeployedProgram, type Deployment, resourcesOf } from "../programs.ts"
import type { Call } from "../recording/actions.ts"

const here = "eu-central-1:123456789012"

/** The ARN of what a program calls by the name that the recording has. */
const tableArn = (resource: string): string => {
  const [table = "", ...rest] = resource.split("/")
  const name = { events: "EventsTable", inbox: "InboxTable" }[table]
  return name === undefined ? resource : [told("Data", name, "Arn"), ...rest].join("/")
}

/** What a program was seen to ask of DynamoDB. */
const recorded = (calls: ReadonlyArray<Call>): ReadonlyArray<string> =>
  calls.map(({ action, resource }) => `${action} ${tableArn(resource)}`)

/** Connecting to Postgres with a token, as the user that the URL names, to the database that it leads to. */
const connecting = ({ environment }: DeployedProgram, databaseId: string): ReadonlyArray<string> => {
  const { DATABASE_AUTHENTICATION, DATABASE_URL = "" } = environment
  const [, user = ""] = /^postgres:\/\/([^:@]+)@/.exec(DATABASE_URL) ?? []
  return DATABASE_AUTHENTICATION === "iam" ? [`rds-db:connect arn:aws:rds-db:${here}:dbuser:${databaseId}/${user}`] : []
}

/** Secrets that a program reads by itself. */
const secretsRead = ({ environment }: DeployedProgram): ReadonlyArray<string> =>
  Object.entries(environment).flatMap(([variable, arn]) =>
    variable.endsWith("_SECRET") ? [`secretsmanager:GetSecretValue ${arn}`] : []
  )

const each = (actions: ReadonlyArray<string>, resource: string): ReadonlyArray<string> =>
  actions.map((action) => `${action} ${resource}`)

/** Opening a stream of a log, and writing into it. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
export const writingLog = (group: string): ReadonlyArray<string> =>
  each(["logs:CreateLogStream", "logs:PutLogEvents"], group.replace(/>$/, ".Arn>"))

const Mapping = Schema.Struct({
  FunctionName: Schema.String,
  EventSourceArn: Schema.String,
  DestinationConfig: Schema.Struct({ OnFailure: Schema.Struct({ Destination: Schema.String }) })
})
const decodeMapping = Schema.decodeUnknownSync(Mapping)

/** The event source mappings of a function. */
const mappingsOf = (deployment: Deployment, { resource }: DeployedProgram) =>
  resourcesOf(deployment, "AWS::Lambda::EventSourceMapping")
    .map(({ properties }) => decodeMapping(properties))
    .filter(({ FunctionName }) => FunctionName === told(resource.stack, resource.name))

/**
 * What Lambda does with a function's role, in its name. Each has its reason:
 * - the stream is read by Lambda's poller, and what it gives up is put into the bucket
 *   (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html);
 * - the function's log is written by its runtime;
 * - network interfaces are made in the subnets (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). EC2 has
 *   no resources for what only describes.
 */
const byLambda = (deployment: Deployment, program: DeployedProgram): ReadonlyArray<string> => {
  const { LoggingConfig } = decodeFunction(program.resource.properties)
  const streamActions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]
  const interfaceActions = [
    "AssignPrivateIpAddresses",
    "CreateNetworkInterface",
    "DeleteNetworkInterface",
    "UnassignPrivateIpAddresses"
  ]
  return [
    ...mappingsOf(deployment, program).flatMap(({ DestinationConfig, EventSourceArn }) => [
      ...each(streamActions.map((action) => `dynamodb:${action}`), EventSourceArn),
      `s3:PutObject ${DestinationConfig.OnFailure.Destination}/*`,
      `s3:ListBucket ${DestinationConfig.OnFailure.Destination}`
    ]),
    ...writingLog(LoggingConfig.LogGroup),
    ...each(interfaceActions.map((action) => `ec2:${action}`), `arn:aws:ec2:${here}:*/*`),
    ...each(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*")
  ]
}

/** What the collector beside a program does with the task's role. X-Ray has no resources for it. */
const byCollector = ({ resource }: DeployedProgram): ReadonlyArray<string> =>
  decodeTask(resource.properties).ContainerDefinitions.some(({ Name }) => Name === "collector")
    ? ["xray:PutTraceSegments *"]
    : []

/** All that a program's role must allow, and no more: what it does itself, and what AWS does in its name. */
export const callsOfRole = (
  deployment: Deployment,
  program: DeployedProgram,
  calls: ReadonlyArray<Call>
): ReadonlyArray<string> => {
  const databaseId = String(deployment.get("Data")?.output("DatabaseResourceId"))
  return [
    ...recorded(calls),
    ...connecting(program, databaseId),
    ...secretsRead(program),
    ...(program.resource.type === "AWS::Lambda::Function"
      ? byLambda(deployment, program)
      : byCollector(program))
  ].toSorted()
}

/**
 * What ECS does with a task's execution role to start it: it pulls the image, opens the log, and reads the secrets that it
 * puts into variables. ECR has no resources for the authorization.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export const callsOfExecution = ({ resource }: DeployedProgram): ReadonlyArray<string> => {
  const [, region = "", repository = ""] = /ecr\.([^.]+)\.amazonaws\.com\/(.+)@/.exec(image) ?? []
  const [account = ""] = image.split(".")
  const { ContainerDefinitions } = decodeTask(resource.properties)
  const pulls = ["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"]
  const expected = [
    "ecr:GetAuthorizationToken *",
    ...each(pulls.map((action) => `ecr:${action}`), `arn:aws:ecr:${region}:${account}:repository/${repository}`),
    ...ContainerDefinitions.flatMap(({ LogConfiguration, Secrets = [] }) => [
      ...writingLog(`${LogConfiguration.Options["awslogs-group"]}`),
      ...Secrets.map(({ ValueFrom }) => `secretsmanager:GetSecretValue ${ValueFrom.replace(/:\w+::$/, "")}`)
    ])
  ]
  return [...new Set(expected)].toSorted()
}
