import { assert, describe, it } from "@effect/vitest"
import { tableDefinitions } from "../../src/platform/dynamoTables.ts"
import { deploy, type DeployedResource } from "./deployment.ts"
import { readTemplate } from "./template.ts"

const template = readTemplate("data")

const given = {
  Environment: "dev",
  DataSubnetIds: "subnet-1,subnet-2",
  DatabaseSecurityGroup: "sg-1",
  CacheSecurityGroup: "sg-2"
}

const made = (more: Readonly<Record<string, string | number>> = {}) => {
  const stack = deploy(() => template, { ...given, ...more }).get("template")
  assert(stack !== undefined)
  const properties = (name: string): DeployedResource["properties"] =>
    stack.resources.get(name)?.properties ?? assert.fail(name)
  const ofType = (type: string) => [...stack.resources.values()].filter((resource) => resource.type === type)
  return { stack, properties, ofType }
}

const databases = [
  { DatabaseKind: "instance", Environment: "dev" },
  { DatabaseKind: "instance", Environment: "prod" },
  { DatabaseKind: "aurora", Environment: "dev" },
  { DatabaseKind: "aurora", Environment: "prod" }
]

describe("The template of what is kept", () => {
  it("makes the tables that the programs make where there is no template", () => {
    const { properties } = made()
    const [events, inbox] = tableDefinitions({ events: "EventsTable", inbox: "InboxTable" })
    for (const { definition, timeToLive } of [events, inbox].filter((table) => table !== undefined)) {
      const { StreamSpecification, TableName = "", ...rest } = definition
      const {
        DeletionProtectionEnabled,
        PointInTimeRecoverySpecification,
        TimeToLiveSpecification = null,
        ...table
      } = properties(TableName)
      // To CloudFormation a stream is on when it is described.
      assert.deepStrictEqual<unknown>(table, {
        ...rest,
        StreamSpecification: { StreamViewType: StreamSpecification?.StreamViewType }
      })
      assert.deepStrictEqual<unknown>(
        TimeToLiveSpecification,
        timeToLive === null ? null : { AttributeName: timeToLive, Enabled: true }
      )
      assert.deepStrictEqual<unknown>(
        { DeletionProtectionEnabled, PointInTimeRecoverySpecification },
        {
          DeletionProtectionEnabled: "true",
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
        }
      )
      const { DeletionPolicy, UpdateReplacePolicy } = template.Resources[TableName] ?? assert.fail()
      assert.deepStrictEqual([DeletionPolicy, UpdateReplacePolicy], ["RetainExceptOnCreate", "Retain"])
    }
  })

  it.each(databases)(
    "makes one database, encrypted, in the subnets without a way out, that takes nothing but TLS: %j",
    (which) => {
      const { ofType, properties } = made(which)
      const clusters = ofType("AWS::RDS::DBCluster")
      const instances = ofType("AWS::RDS::DBInstance")
      const isAurora = which.DatabaseKind === "aurora"
      assert.lengthOf(clusters, isAurora ? 1 : 0)
      assert.lengthOf(instances, isAurora && which.Environment === "prod" ? 2 : 1)
      for (const instance of instances) assert.strictEqual(instance.properties["PubliclyAccessible"], false)
      const [database] = isAurora ? clusters : instances
      assert.deepInclude<object>(database?.properties ?? {}, {
        StorageEncrypted: true,
        EnableIAMDatabaseAuthentication: true,
        ManageMasterUserPassword: true,
        DeletionProtection: "true",
        BackupRetentionPeriod: 7,
        DBSubnetGroupName: "<template.DatabaseSubnetGroup>"
      })
      assert.deepInclude<object>(properties(isAurora ? "ClusterParameters" : "InstanceParameters"), {
        Family: isAurora ? "aurora-postgresql18" : "postgres18"
      })
      const { Parameters } = properties(isAurora ? "ClusterParameters" : "InstanceParameters")
      // The second, so that the log, which is kept in CloudWatch, quotes no row.
      assert.deepInclude<object>(Object(Parameters), { "rds.force_ssl": "1", log_error_verbosity: "terse" })
    }
  )

  it.each(databases)("tells all that others need of the database, whichever it is: %j", (which) => {
    const { stack } = made(which)
    const owner = which.DatabaseKind === "aurora" ? "Cluster" : "Instance"
    for (
      const output of ["DatabaseHost", "DatabasePort", "DatabaseResourceId", "DatabaseIdentifier", "MasterSecretArn"]
    ) {
      assert.match(String(stack.output(output)), new RegExp(`^<template\\.${owner}[.>]`), output)
    }
    assert.strictEqual(stack.output("DatabaseDimension"), `DB${owner}Identifier`)
  })

  it("lets each program come by the password that is in use, and its user by both", () => {
    for (const [CachePassword, slot] of [["first", "First"], ["second", "Second"]] as const) {
      const { properties, stack } = made({ CachePassword })
      for (const program of ["Command", "Query", "Projector", "Ops"]) {
        assert.strictEqual(stack.output(`${program}CacheSecretArn`), `<template.${program}${slot}CacheSecret>`)
        const { AuthenticationMode, UserName } = properties(`${program}CacheUser`)
        assert.strictEqual(UserName, program.toLowerCase())
        const both = ["First", "Second"].map((slot) =>
          `{{resolve:secretsmanager:<template.${program}${slot}CacheSecret>:SecretString:password}}`
        )
        assert.deepStrictEqual<unknown>(AuthenticationMode, { Type: "password", Passwords: both })
      }
    }
  })

  it("makes a password anew by its number, and leaves the other one alone", () => {
    const namesIn = (more: Readonly<Record<string, number>>) =>
      made(more).ofType("AWS::SecretsManager::Secret").map(({ properties: { Name } }) => String(Name))
    const [before, after] = [namesIn({}), namesIn({ SecondCachePassword: 2 })]
    assert.lengthOf(new Set(before), 8)
    const kept = before.filter((name) => after.includes(name))
    assert.deepStrictEqual(kept, before.filter((name) => name.includes("/first-")))
    assert.lengthOf(kept, 4)
  })

  it("gives the cache and its users names that are theirs and not too long", () => {
    const { ofType, properties } = made()
    const ids = ofType("AWS::ElastiCache::User").map(({ properties: { UserId } }) => String(UserId))
    assert.lengthOf(new Set(ids), 5)
    for (const name of [...ids, properties("CacheUsers")["UserGroupId"], properties("Cache")["ServerlessCacheName"]]) {
      assert.match(String(name), /^marginalia-[0-9a-f]{12}(?:-[a-z]+)?$/)
      assert.isAtMost(String(name).length, 40)
    }
  })
})
