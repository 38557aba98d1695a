/** The parameters and conditions of the template of the API. */
export const parameters = (): string =>
  `Parameters:
  Environment:
    Type: String
    Description: What the deployment is for; it stands in the API's description and tags.
    AllowedValues: [dev, staging, prod]
  VpcLinkSecurityGroup:
    Type: AWS::EC2::SecurityGroup::Id
    Description: The security group of the VPC link's network interfaces. It reaches the balancer's two ports.
  AppSubnetIds:
    Type: List<AWS::EC2::Subnet::Id>
    Description: The subnets that the VPC link has its network interfaces in, one in each zone.
  CommandListenerArn:
    Type: String
    Description: The balancer's listener of the command service.
    AllowedPattern: ^arn:[\\w-]+:elasticloadbalancing:\\S+:listener/\\S+$
  QueryListenerArn:
    Type: String
    Description: The balancer's listener of the query service.
    AllowedPattern: ^arn:[\\w-]+:elasticloadbalancing:\\S+:listener/\\S+$
  Issuer:
    Type: String
    Description: The OpenID Connect issuer of the tokens, exactly as their iss claim has it. It must be on the internet.
    AllowedPattern: ^https://\\S+$
  Audience:
    Type: String
    Description: The audience of the tokens. The authorizer compares aud with it, or client_id where there is no aud.
    AllowedPattern: ^\\S+$
  AllowedOrigins:
    Type: CommaDelimitedList
    Default: ""
    Description: The origins whose pages may use the API, such as https://example.org, separated by commas. Empty for none.
    AllowedPattern: ^(|https?://[^\\s,/]+)$
  LogRetentionDays:
    Type: Number
    Default: 30
    Description: How long access logs are kept, in days.
    AllowedValues: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
  ThrottlingRate:
    Type: Number
    Default: 1000
    Description: How many requests a second each route takes in the long run. What is above it is answered 429.
    MinValue: 1
  ThrottlingBurst:
    Type: Number
    Default: 2000
    Description: How many requests each route takes at once beyond its rate.
    MinValue: 1

Conditions:
  # An empty list of strings is a list of one empty string.
  HasOrigins: !Not [!Equals [!Join ["", !Ref AllowedOrigins], ""]]
`
