/**
 * A drawing (`toSvg`) as a picture of pixels, `scale` for each of its own (default 2). Only in a browser. Rejects when it cannot be
 * drawn, as where it would be larger than the browser's canvas.
 */
export async function toPng(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Promise<Blob> {
  const image = new Image()
  // By its text and not by `blob:`, which a page's policy seldom allows.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * scale
  canvas.height = image.naturalHeight * scale
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('This browser cannot draw pictures.')
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise<Blob>((done, fail) =>
    canvas.toBlob((blob) => (blob === null ? fail(new Error('The picture is too large.')) : done(blob)), 'image/png'),
  )
}
