import { join } from 'node:path'
import { build } from 'vite'
import { launchBrowser } from '../test/support/chromium.ts'
import { Stage, openedOf } from '../bench/lab/stage.ts'
const root = process.cwd()

async function page(dist: string, outDir: string) {
  await build({ root: join(root, 'bench/clients'), configFile: false, logLevel: 'error',
    resolve: { alias: [{ find: /^sessionchart$/, replacement: join(dist, 'services/index.js') }] },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [{ name: 'client', resolveId: (id) => (id === 'virtual:client' ? join(root, 'bench/clients/sessionchart.ts') : null) }],
    build: { outDir, emptyOutDir: true, target: 'es2022', minify: true, rolldownOptions: { input: join(root, 'bench/clients/index.html') } } })
}
export async function main(args: string[]) {
  const n = Number(args[0] ?? 15)
  const slow = args[1] === 'slow'
  const dists: Record<string, string> = { base: join(root, 'dist/base'), now: join(root, 'dist/package') }
  const browser = await launchBrowser()
  const seats: any[] = []
  for (const [name, dist] of Object.entries(dists)) {
    await page(dist, '/tmp/an/page-' + name)
    const stage = await Stage.start({ name: 'sessionchart', folder: '/tmp/an/page-' + name, tokenLifetime: 24 * 3600 })
    const context = await browser.newContext()
    await context.addInitScript(() => { const w: any = window; w.marks = []; const t = () => performance.now(); const o = indexedDB.open.bind(indexedDB); indexedDB.open = function (...a: any) { w.marks.push(['open', t()]); const r = (o as any)(...a); r.addEventListener('success', () => w.marks.push(['opened', t()])); return r } as any; const g = IDBObjectStore.prototype.get; IDBObjectStore.prototype.get = function (k: any) { const n = this.name; w.marks.push(['get ' + n, t()]); const r = g.call(this, k); r.addEventListener('success', () => w.marks.push(['got ' + n, t()])); return r }; const d = crypto.subtle.decrypt.bind(crypto.subtle); crypto.subtle.decrypt = (async (...a: any) => { w.marks.push(['decrypt', t()]); const r = await (d as any)(...a); w.marks.push(['decrypted', t()]); return r }) as any })
    const p = await stage.open(context)
    await stage.logIn(p)
    seats.push({ name, stage, context, times: [], navs: [], marks: [] })
  }
  for (let i = 0; i < n + 2; i++) for (const s of seats) {
    const p = await s.context.newPage()
    if (slow) await (await s.context.newCDPSession(p)).send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await p.goto(s.stage.origin + '/')
    const o = await openedOf(p)
    const m = await p.evaluate(() => (window as any).marks)
    if (i >= 2) { s.times.push(o.sinceCreation); s.navs.push(o.sinceNavigation); const t0 = o.sinceNavigation - o.sinceCreation; s.marks.push([...m.map(([k, v]: any) => [k, v - t0]), ['ready', o.sinceCreation]].sort((a: any, b: any) => a[1] - b[1])) }
    await p.waitForTimeout(200)
    await p.close()
  }
  const q = (a: number[]) => { const s = a.toSorted((x, y) => x - y); return `${s[0]!.toFixed(1)} / ${s[Math.floor(s.length / 2)]!.toFixed(1)} / ${s.at(-1)!.toFixed(1)}` }
  for (const s of seats) {
    const mi = s.marks.toSorted((a: any, b: any) => a.find((x: any) => x[0] === 'ready')[1] - b.find((x: any) => x[0] === 'ready')[1])[Math.floor(s.marks.length / 2)]
    console.log(s.name, 'creation', q(s.times), ' navigation', q(s.navs)); console.log('   ', mi.map(([k, v]: any) => k + ' ' + v.toFixed(1)).join(' | '))
    await s.context.close(); await s.stage.stop()
  }
  await browser.close()
}
