/** Nobody is there to be followed, yet. */
export function NoSession() {
  return (
    <section className="live-empty">
      <h2>No session to follow yet</h2>
      <p>
        Open{' '}
        <a href="/" target="_blank" rel="noreferrer">
          the demo in a new tab
        </a>
        , and log in there. It turns up here by itself, and you see each step as it happens.
      </p>
      <p className="live-soft">
        Your own app of this origin shares its session with <code>shareSession(session)</code>. A recording that someone
        has saved can be opened below.
      </p>
    </section>
  )
}
