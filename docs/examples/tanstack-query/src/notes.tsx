import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { addNote } from './api.ts'
import { notesQuery } from './query-client.ts'

export function Notes() {
  const { data: notes, error, isPending, isFetching, refetch } = useQuery(notesQuery)
  return (
    <section className="card" aria-busy={isFetching}>
      <div className="row">
        <h2>Notes</h2>
        <button type="button" onClick={() => void refetch()}>
          Reload
        </button>
      </div>
      {isPending && <p className="soft">One moment…</p>}
      {error && <p role="alert">{error.message}</p>}
      {notes?.length === 0 && <p className="soft">No notes yet.</p>}
      <ul aria-label="Notes">
        {notes?.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      <NewNote />
    </section>
  )
}

function NewNote() {
  const client = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: addNote,
    onSuccess: () => client.invalidateQueries(notesQuery),
  })
  const add = (form: FormData) => {
    const text = form.get('text')
    if (typeof text === 'string' && text.trim() !== '') mutate(text.trim())
  }
  return (
    <form action={add}>
      {error && <p role="alert">{error.message}</p>}
      <div className="row">
        <input name="text" aria-label="New note" placeholder="New note" autoComplete="off" />
        <button type="submit" className="primary" disabled={isPending}>
          Add
        </button>
      </div>
    </form>
  )
}
