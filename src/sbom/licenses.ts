import { Models, SPDX } from '@cyclonedx/cyclonedx-library';

type License = Models.LicenseExpression | Models.NamedLicense | Models.SpdxLicense;

/** A licence as CycloneDX has it: by its id of SPDX, as an expression of such ids, else by the name that the package gives it. */
export function toLicense(text: string): License {
  const id = SPDX.fixupSpdxId(text);
  if (id !== undefined) return new Models.SpdxLicense(id);
  return isExpression(text) ? new Models.LicenseExpression(text) : new Models.NamedLicense(text);
}

/** Whether ids and their operators are all there is, in an order that makes sense (https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/). */
function isExpression(text: string): boolean {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let depth = 0;
  let wantsOperand = true;
  for (const [at, token] of tokens.entries()) {
    if (token === '(') {
      if (!wantsOperand) return false;
      depth++;
    } else if (token === ')') {
      if (wantsOperand || --depth < 0) return false;
    } else if (['AND', 'OR', 'WITH'].includes(token)) {
      if (wantsOperand) return false;
      wantsOperand = true;
    } else {
      if (!wantsOperand || !isOperand(token, tokens[at - 1])) return false;
      wantsOperand = false;
    }
  }
  return depth === 0 && !wantsOperand;
}

function isOperand(token: string, before: string | undefined): boolean {
  if (before === 'WITH') return /^[A-Za-z0-9.-]+$/.test(token);
  return /^LicenseRef-[A-Za-z0-9.-]+$/.test(token) || SPDX.isSupportedSpdxId(token.replace(/\+$/, ''));
}
