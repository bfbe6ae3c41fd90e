// Put before the product's frame worker in the participant who leaves early: a dishonest leaver, who keeps every byte
// that was ever unsealed for him. Whether that opens anything after he left is what the demo finds out.
(() => {
  const out = new BroadcastChannel("sotto-demo-thief");
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  crypto.subtle.decrypt = async (...args) => {
    const plain = await decrypt(...args);
    // Sealed commands carry a u64 sequence as associated data; media frames carry more.
    if (args[0].additionalData?.byteLength === 8) out.postMessage(plain.slice(0));
    return plain;
  };
})();
