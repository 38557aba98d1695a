import { crossOriginRules } from "../../api/crossOrigin.ts"
import { clientAddressHeader, integrationTimeout } from "../../api/gatewayLimits.ts"
import { parameters } from "./apiParameters.ts"
import { routeResources } from "./apiRoutes.ts"

const head =
  `# Generated from the contracts in src/api by \`npm run generate\`. Don't edit it: a test fails when the two drift apart.
AWSTemplateFormatVersion: "2010-09-09"
Description: The entry point of Marginalia, one HTTP API that alone decides which service a request is for.
`

const list = (names: ReadonlyArray<string>, indentation: number): string =>
  names.map((name) => `${" ".repeat(indentation)}- ${name}`).join("\n")

const api = (): string => {
  const { exposedHeaders, maxAge, methods, requestHeaders } = crossOriginRules
  return `  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: !Ref AWS::StackName
      Description: !Sub Comments on pictures (\${Environment})
      ProtocolType: HTTP
      # With it the gateway answers preflights by itself, and sets the answers' headers whatever a service says.
      CorsConfiguration: !If
        - HasOrigins
        - AllowOrigins: !Ref AllowedOrigins
          AllowMethods:
${list(methods, 12)}
          AllowHeaders:
${list(requestHeaders, 12)}
          ExposeHeaders:
${list(exposedHeaders, 12)}
          MaxAge: ${maxAge}
        - !Ref AWS::NoValue
      Tags:
        Environment: !Ref Environment
`
}

const authorizer =
  `  # The first wall. The services verify every token again, and decide what it allows: no route asks for a scope here.
  # It takes tokens signed by RSA only (RS256 and its siblings), whose keys the issuer's discovery document leads to.
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: issuer
      AuthorizerType: JWT
      IdentitySource:
        - $request.header.Authorization
      JwtConfiguration:
        Issuer: !Ref Issuer
        Audience:
          - !Ref Audience
`

const link =
  `  # The way into the network. Its network interfaces are in the subnets of the services, and reach the balancer only.
  VpcLink:
    Type: AWS::ApiGatewayV2::VpcLink
    Properties:
      Name: !Ref AWS::StackName
      SecurityGroupIds:
        - !Ref VpcLinkSecurityGroup
      SubnetIds: !Ref AppSubnetIds
      Tags:
        Environment: !Ref Environment
`

const integration = (id: string, listener: string, comment: string): string =>
  `${comment}  ${id}:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: ANY
      IntegrationUri: !Ref ${listener}
      ConnectionType: VPC_LINK
      ConnectionId: !Ref VpcLink
      PayloadFormatVersion: "1.0"
      TimeoutInMillis: ${integrationTimeout}
      # The one header that the services take a client's address from. Whatever the client put there is gone.
      RequestParameters:
        overwrite:header.${clientAddressHeader}: $context.identity.sourceIp
`

const integrationComment =
  `  # Longer than the longest wait that a query may prefer, shorter than the balancer's 60 s: whoever waits is told by the gateway.
`

const stage = `  # Nobody's address, agent, path or query: a path has users' names in it, and a route's key says enough.
  AccessLog:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      # checkov:skip=CKV_AWS_158:nothing personal is in it, and CloudWatch Logs encrypts it with a key of its own
      RetentionInDays: !Ref LogRetentionDays

  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      # The name that leaves no trace in the paths that services are sent.
      StageName: $default
      Description: !Sub Comments on pictures (\${Environment})
      AutoDeploy: true
      DefaultRouteSettings:
        DetailedMetricsEnabled: true
        ThrottlingRateLimit: !Ref ThrottlingRate
        ThrottlingBurstLimit: !Ref ThrottlingBurst
      AccessLogSettings:
        DestinationArn: !GetAtt AccessLog.Arn
        Format: >-
          {"requestId":"$context.requestId","time":"$context.requestTime","route":"$context.routeKey",
          "method":"$context.httpMethod","protocol":"$context.protocol","status":"$context.status",
          "bytes":"$context.responseLength","latency":"$context.responseLatency",
          "serviceStatus":"$context.integration.status","serviceLatency":"$context.integrationLatency",
          "serviceError":"$context.integrationErrorMessage","error":"$context.error.responseType",
          "authorizerError":"$context.authorizer.error"}
      Tags:
        Environment: !Ref Environment
`

const outputs = `Outputs:
  Url:
    Description: Where clients find the API.
    Value: !GetAtt Api.ApiEndpoint
  ApiId:
    Description: The API's id, by which its metrics are known.
    Value: !Ref Api
  ApiLogGroup:
    Description: The log group of the access logs.
    Value: !Ref AccessLog
`

/** The template of the API, as `infra/api.yaml` has it: always the same for the same contracts. */
export const apiTemplate = (): string =>
  [
    head,
    parameters(),
    `Resources:\n${api()}`,
    authorizer,
    link,
    integration("CommandIntegration", "CommandListenerArn", integrationComment),
    integration("QueryIntegration", "QueryListenerArn", ""),
    routeResources(),
    stage,
    outputs
  ].join("\n")
