import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { anywhere, callersOfEndpoints, egress, groupsOf, ingress, neededPaths, pathTo } from "../paths.ts"
import { programsOf, resourcesOf } from "../programs.ts"
import { deployments } from "./deployments.ts"

const strings = Schema.decodeUnknownSync(Schema.Array(Schema.String))

const Subnets = Schema.Struct({ SubnetIds: Schema.Array(Schema.String) })
const Association = Schema.Struct({ SubnetId: Schema.String, RouteTableId: Schema.String })

describe.each(deployments)("Of %s, the network", (_name, deployment) => {
  const endpoints = resourcesOf(deployment, "AWS::EC2::VPCEndpoint")
  const interfaces = endpoints.filter(({ properties }) => properties["VpcEndpointType"] === "Interface")

  it("lets every caller send what it needs to send, and nothing else", () => {
    assert.deepStrictEqual(egress(deployment), neededPaths(deployment))
  })

  it("lets every callee receive what it needs to receive, and nothing else", () => {
    const groups = [...new Set(interfaces.flatMap(({ properties }) => strings(properties["SecurityGroupIds"])))]
    const toEndpoints = groups.flatMap((group) =>
      callersOfEndpoints(deployment).map((caller) => pathTo(caller, group, 443))
    )
    const inside = neededPaths(deployment).filter((path) => !path.includes("0.0.0.0/0"))
    assert.deepStrictEqual(ingress(deployment), [...inside, ...toEndpoints].toSorted())
  })

  it("gives each program a group of its own", () => {
    const groups = programsOf(deployment).map((program) => groupsOf(deployment, program))
    assert.isTrue(groups.every(({ length }) => length === 1))
    assert.strictEqual(new Set(groups.flat()).size, programsOf(deployment).length)
  })

  it("has no rule inside a group, but one that leads nowhere and keeps AWS from adding one that allows all", () => {
    const groups = resourcesOf(deployment, "AWS::EC2::SecurityGroup")
    assert.isNotEmpty(groups)
    for (const { properties } of groups) {
      assert.deepStrictEqual<unknown>(properties["SecurityGroupEgress"], [
        { IpProtocol: "-1", CidrIp: "127.0.0.1/32", Description: "Nowhere" }
      ])
      assert.notProperty(properties, "SecurityGroupIngress")
    }
  })

  it("lets nothing that lies in the data subnets out", () => {
    const subnets = resourcesOf(deployment, "AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::ServerlessCache").flatMap(
      ({ properties }) => Schema.decodeUnknownSync(Subnets)(properties).SubnetIds
    )
    const associations = resourcesOf(deployment, "AWS::EC2::SubnetRouteTableAssociation").map(({ properties }) =>
      Schema.decodeUnknownSync(Association)(properties)
    )
    const tables = [...new Set(subnets)].map((subnet) =>
      associations.filter(({ SubnetId }) => SubnetId === subnet).map(({ RouteTableId }) => RouteTableId)
    )
    assert.lengthOf(tables, 2)
    // A subnet without a table of its own has the VPC's main one, to which anybody may add a route.
    assert.isTrue(tables.every(({ length }) => length === 1))
    const routes = resourcesOf(deployment, "AWS::EC2::Route").map(({ properties }) =>
      String(properties["RouteTableId"])
    )
    const reached = endpoints.flatMap(({ properties }) => strings(properties["RouteTableIds"] ?? []))
    assert.deepStrictEqual([...routes, ...reached].filter((table) => tables.flat().includes(table)), [])
    for (const { properties } of resourcesOf(deployment, "AWS::RDS::DBInstance")) {
      assert.strictEqual(properties["PubliclyAccessible"], false)
    }
  })

  it("keeps programs in subnets of their own, without addresses that the world sees", () => {
    const data = deployment.get("Data")?.parameters.get("DataSubnetIds")
    const app = deployment.get("Services")?.parameters.get("AppSubnetIds")
    assert.deepStrictEqual<unknown>(data, ["<Network.DataSubnetA>", "<Network.DataSubnetB>"])
    assert.deepStrictEqual<unknown>(app, ["<Network.AppSubnetA>", "<Network.AppSubnetB>"])
    for (const { properties } of resourcesOf(deployment, "AWS::EC2::Subnet")) {
      assert.strictEqual(properties["MapPublicIpOnLaunch"], false)
    }
    for (const { properties } of resourcesOf(deployment, "AWS::ECS::Service")) {
      assert.include(JSON.stringify(properties["NetworkConfiguration"]), "\"AssignPublicIp\":\"DISABLED\"")
    }
    assert.isTrue(egress(deployment).includes(anywhere("<Network.InboxSecurityGroup>")))
  })
})
