/** The log group that the containers of an endpoint write. */
export function endpointLog(endpoint: string): string {
  return `/aws/sagemaker/Endpoints/${endpoint}`;
}
