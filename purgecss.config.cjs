// Which of Punkt's rules are served: those for classes that stand in templates, code or scripts.
// Read by script/assets; docs/adr/0032-light-pages.md says why.
module.exports = {
  content: ["templates/**/*.html", "!(node_modules|tests|var)/**/*.py", "static/js/*.js"],
  // Our own are served as they are. They come first: they tell which of Punkt's variables are used.
  css: ["static/css/*.css", "node_modules/@oslokommune/punkt-css/dist/css/pkt.min.css"],
  safelist: {
    // What templates put together («pkt-tag--{{ skin }}»), and rules without a class.
    standard: [/^pkt-(alert|btn|card|linkcard|messagebox|step|stepper|tag)--/, /^:/],
  },
  variables: true,
  keyframes: true,
  fontFace: true,
};
