// Runs in the thread that Node.js before 22.15 has for hooks. rest.cjs says what all this is for.
import esm = require('./rest-esm.cts');

exports.resolve = esm.resolve;
exports.load = esm.load;
