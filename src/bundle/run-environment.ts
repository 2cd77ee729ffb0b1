/** Names the folder of the release to the function. */
export const ROOT_VARIABLE = 'LAMBDA_SLIM_ROOT';

/** The variables of a function whose packages lie in the folder `root`, as the function sees it; `{root}` in a value stands for it. */
export function runEnvironment(
  environment: Readonly<Record<string, string>>,
  root: string,
): Readonly<Record<string, string>> {
  const own = Object.entries(environment).map(([name, value]) => [name, value.replaceAll('{root}', root)]);
  return { [ROOT_VARIABLE]: root, ...Object.fromEntries(own) };
}
