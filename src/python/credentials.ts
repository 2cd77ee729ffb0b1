/** A text without the names and passwords that URLs in it have before their host. */
export function hideCredentials(text: string): string {
  return text.replace(/(:\/\/)[^/\s]*@/g, '$1****@');
}
