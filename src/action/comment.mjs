// Writes the one comment of lambda-slim on a pull request, or brings it up to date. Its first line is a marker by which it is found.
import { readFile } from 'node:fs/promises';

const PER_PAGE = 100;
const MAX_PAGES = 50;
const ATTEMPTS = 3;

const { GITHUB_API_URL = 'https://api.github.com', GITHUB_REPOSITORY = '', GITHUB_TOKEN = '' } = process.env;
const { GITHUB_EVENT_PATH = '', COMMENT_FILE = '', COMMENT_KEY = '' } = process.env;

/** One call; what is only out of breath is asked again. */
async function call(method, path, body) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${GITHUB_TOKEN}`,
        'content-type': 'application/json',
        'user-agent': 'lambda-slim',
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.ok) return response.json();
    const isBusy = response.status === 429 || response.status >= 500;
    // A comment that was asked for twice could be there twice.
    if (!isBusy || method === 'POST' || attempt === ATTEMPTS) throw new Error(await explain(response));
    await new Promise(done => setTimeout(done, 1000 * attempt));
  }
}

async function explain(response) {
  const hint =
    response.status === 403 || response.status === 404
      ? ' The job needs "permissions: pull-requests: write"; pull requests from forks never have it.'
      : '';
  return `GitHub answered ${response.status}.${hint}`;
}

async function findComment(issue, marker) {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const comments = await call('GET', `issues/${issue}/comments?per_page=${PER_PAGE}&page=${page}`);
    const found = comments.find(({ body }) => typeof body === 'string' && body.startsWith(marker));
    if (found) return found.id;
    if (comments.length < PER_PAGE) return null;
  }
  return null;
}

async function readNumber() {
  if (GITHUB_EVENT_PATH === '') return null;
  const event = JSON.parse(await readFile(GITHUB_EVENT_PATH, 'utf8'));
  const number = event.pull_request?.number;
  return Number.isInteger(number) ? number : null;
}

async function main() {
  const number = await readNumber();
  if (number === null) return 'This run belongs to no pull request, so there is nothing to comment on.';
  if (!/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY))
    throw new Error('GITHUB_REPOSITORY names no repository.');
  const text = await readFile(COMMENT_FILE, 'utf8');
  if (text.trim() === '') return 'There is no text to comment with; the log has what went wrong.';
  const key = COMMENT_KEY.replace(/[^\w. /-]/g, '').replaceAll('--', '-');
  const marker = key === '' ? '<!-- lambda-slim -->' : `<!-- lambda-slim ${key} -->`;
  const body = `${marker}\n${text.replace(/^<!-- lambda-slim -->\n/, '')}`;
  const id = await findComment(number, marker);
  if (id === null) await call('POST', `issues/${number}/comments`, { body });
  else await call('PATCH', `issues/comments/${id}`, { body });
  return id === null ? 'Commented.' : 'Brought the comment up to date.';
}

// A comment that cannot be written must not hide what was found.
console.log(
  await main().catch(
    error => `::warning title=lambda-slim::No comment was written. ${escapeData(error.message)}`,
  ),
);

function escapeData(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
