import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { image } from "../chosenDeployments.ts"
import { programContainers, resourcesOf } from "../programs.ts"
import { deployments } from "./deployments.ts"

const Attributes = Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.String }))
const decodeAttributes = Schema.decodeUnknownSync(Attributes)

describe.each(deployments)("Of %s, times and limits", (_name, deployment) => {
  /** What a property is in all resources of a type. */
  const all = (type: string, property: string) => [
    ...new Set(resourcesOf(deployment, type).map(({ properties }) => properties[property]))
  ]
  /** What an attribute is in all resources of a type that have a list of them. */
  const attribute = (type: string, list: string, key: string) => [
    ...new Set(
      resourcesOf(deployment, type).map(({ properties }) =>
        decodeAttributes(properties[list]).find(({ Key }) => Key === key)?.Value
      )
    )
  ]
  const containers = resourcesOf(deployment, "AWS::ECS::TaskDefinition").flatMap(programContainers)
  const variable = (name: string) => [
    ...new Set(
      containers.filter(({ program }) => program !== "ops").map(({ Environment = [] }) =>
        Environment.find((one) => one.Name === name)?.Value
      )
    )
  ]
  const balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
  const group = "AWS::ElasticLoadBalancingV2::TargetGroup"

  it.each(
    [
      ["the gateway waits 15 s for an answer", () => all("AWS::ApiGatewayV2::Integration", "TimeoutInMillis"), [
        15_000
      ]],
      [
        "the balancer keeps an idle connection for 60 s",
        () => attribute(balancer, "LoadBalancerAttributes", "idle_timeout.timeout_seconds"),
        ["60"]
      ],
      ["a service keeps it longer, for 65 s", () => variable("KEEP_ALIVE_TIMEOUT"), ["65 seconds"]],
      [
        "a task that is to end gets no more requests 20 s before it is told",
        () => attribute(group, "TargetGroupAttributes", "deregistration_delay.timeout_seconds"),
        ["20"]
      ],
      ["a task that was told has 60 s to end", () => [...new Set(containers.map(({ StopTimeout }) => StopTimeout))], [
        60
      ]],
      ["and uses less than half of them for each port", () => variable("SHUTDOWN_TIMEOUT"), ["25 seconds"]],
      ["health is whether the process serves", () => all(group, "HealthCheckPath"), ["/health/live"]],
      ["health is asked for at the management port", () => all(group, "HealthCheckPort"), ["9090"]],
      ["requests come to the clients' port", () => all(group, "Port"), [8080]],
      ["one header tells the client's address", () => variable("CLIENT_ADDRESS_HEADER"), ["x-client-ip"]],
      ["browsers come by TLS only for a year", () => variable("HSTS_MAX_AGE"), ["365 days"]],
      [
        "both services have the limits that were chosen",
        () => [...variable("RATE_LIMIT_COMMANDS"), ...variable("RATE_LIMIT_QUERIES")],
        ["RateLimitCommands", "RateLimitQueries"].map((name) => deployment.get("template")?.parameters.get(name))
      ],
      ["the image is the one that was asked for", () => [...new Set(containers.map(({ Image }) => Image))], [image]],
      ["nothing is written to the root", () => [
        ...new Set(containers.map(({ ReadonlyRootFilesystem }) => ReadonlyRootFilesystem))
      ], [true]],
      ["no deployment undoes scaling", () => all("AWS::ECS::Service", "DesiredCount"), [undefined]]
    ] as const
  )("%s", (_sentence, found, expected) => {
    assert.deepStrictEqual<unknown>(found(), expected)
  })

  it("the gateway overwrites the header that the services trust", () => {
    for (const { properties } of resourcesOf(deployment, "AWS::ApiGatewayV2::Integration")) {
      assert.deepStrictEqual<unknown>(properties["RequestParameters"], {
        "overwrite:header.x-client-ip": "$context.identity.sourceIp"
      })
    }
  })

  it("nobody in a container is root", () => {
    for (const { User = "0" } of containers) assert.notMatch(User, /^(?:0|root)(?::|$)/)
  })

  it("a deployment that fails is rolled back", () => {
    for (const { properties } of resourcesOf(deployment, "AWS::ECS::Service")) {
      assert.deepInclude(properties["DeploymentConfiguration"], {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true }
      })
    }
  })

  it("the database takes only TLS, and the programs know whose certificate it has", () => {
    const parameters = resourcesOf(deployment, "AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup")
    assert.lengthOf(parameters, 1)
    for (const { properties } of parameters) {
      assert.deepInclude(properties["Parameters"], { "rds.force_ssl": "1" })
    }
  })
})
