// In a worker this module answers ELK's messages (`elk-api.js`) by itself; 440 kB that nobody loads who has a shipped layout.
import 'elkjs/lib/elk-worker.min.js'
