import { useId, type ChangeEvent } from 'react'

/** Opens a file: what it holds is given to `onOpen` as text, with its name. */
export function FileButton({
  children,
  onOpen,
}: {
  readonly children: string
  readonly onOpen: (text: string, name: string) => void
}) {
  const id = useId()
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? []
    if (file === undefined) return
    const text = await file.text()
    // The same file can be chosen again.
    target.value = ''
    onOpen(text, file.name)
  }
  return (
    <label className="panel-file" htmlFor={id}>
      {children}
      <input id={id} type="file" accept=".json,application/json" onChange={(event) => void read(event)} />
    </label>
  )
}
