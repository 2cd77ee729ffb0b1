/** True for the index that pip and uv ask where nobody says otherwise; who has a mirror of it says so in the settings of either. */
export function isDefaultIndex(url: string): boolean {
  return /^https:\/\/pypi\.org\/simple\/?$/.test(url);
}
