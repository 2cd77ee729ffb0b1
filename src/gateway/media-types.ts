/** True for bodies that HTTP APIs and function URLs hand over as text; forms are none, whatever their encoding. */
export function isTextType(contentType: string | undefined): boolean {
  const type = bareType(contentType ?? '');
  return (
    /^text\/./.test(type) ||
    /^application\/(?:.*\+)?(?:json|xml)$/.test(type) ||
    type === 'application/javascript'
  );
}

/** True where a list of types such as `image/png` has the media type; a star stands for any, parameters do not count. */
export function hasMediaType(list: readonly string[], mediaType: string): boolean {
  const [type, subtype] = bareType(mediaType).split('/');
  return list.some(entry => {
    const [listedType, listedSubtype] = bareType(entry).split('/');
    return (
      (listedType === '*' || listedType === type) && (listedSubtype === '*' || listedSubtype === subtype)
    );
  });
}

function bareType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
