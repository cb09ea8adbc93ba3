import type { FoundEntry } from '../../cache/gateway-store.ts'

/**
 * The answer to PROPFIND (RFC 4918, 9.1), with the properties that cache clients ask for. `of` is `folder`, or the entry.
 * `href` needs no escaping: names of entries have no characters that do.
 */
export function davAnswer(href: string, of: 'folder' | Pick<FoundEntry, 'bytes' | 'createdAt'>): string {
  const properties =
    of === 'folder'
      ? `<D:resourcetype><D:collection/></D:resourcetype>${lastModified(0)}`
      : `<D:resourcetype/><D:getcontentlength>${of.bytes}</D:getcontentlength>${lastModified(of.createdAt)}`
  const status = '<D:status>HTTP/1.1 200 OK</D:status>'
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:"><D:response>' +
    `<D:href>${href}</D:href><D:propstat><D:prop>${properties}</D:prop>${status}</D:propstat>` +
    '</D:response></D:multistatus>\n'
  )
}

function lastModified(at: number): string {
  return `<D:getlastmodified>${new Date(at).toUTCString()}</D:getlastmodified>`
}
