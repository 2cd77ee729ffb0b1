#!/usr/bin/env bash
# Runs `lambda-slim check` for the action: annotations, the summary of the job, the text of the comment, SARIF.
# Everything that a workflow gives comes in variables, and each is one argument, whatever is in it.
set -euo pipefail

if [ -n "${LAMBDA_SLIM_COMMAND:-}" ]; then
  slim=("$LAMBDA_SLIM_COMMAND")
elif [ -x node_modules/.bin/lambda-slim ]; then
  slim=(node_modules/.bin/lambda-slim)
else
  slim=(npx --yes "lambda-slim@${INPUT_VERSION:-latest}")
fi

args=(check)
case "${INPUT_ARTIFACT:-}" in
  '') ;;
  -*) args+=("./$INPUT_ARTIFACT") ;;
  *) args+=("$INPUT_ARTIFACT") ;;
esac
for name in RUNTIME ARCH CONFIG FUNCTION BASELINE; do
  variable="INPUT_$name"
  value="${!variable:-}"
  if [ -n "$value" ]; then
    args+=("--$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')=$value")
  fi
done
while IFS= read -r layer; do
  if [ -n "$layer" ]; then
    args+=("--layer=$layer")
  fi
done <<< "${INPUT_LAYERS:-}"

code=0
"${slim[@]}" "${args[@]}" --format=github || code=$?

comment="$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/lambda-slim-comment.XXXXXX")"
"${slim[@]}" "${args[@]}" --format=markdown > "$comment" 2> /dev/null || true
if [ -n "${INPUT_SARIF:-}" ]; then
  "${slim[@]}" "${args[@]}" --format=sarif > "$INPUT_SARIF" 2> /dev/null || true
fi

{
  echo "exit-code=$code"
  echo "comment-file=$comment"
} >> "${GITHUB_OUTPUT:-/dev/null}"
