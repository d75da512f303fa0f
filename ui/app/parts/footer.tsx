import { useDemo } from '../demo-context.ts'

export function Footer() {
  const { config } = useDemo()
  return (
    <footer className="footer">
      <p>
        A demonstration with the provider <code className="wrap">{config.authority}</code>. How it works inside:{' '}
        <code>docs/architecture.md</code> in the project’s folder. <a href="/statechart/">See the charts</a>
      </p>
    </footer>
  )
}
