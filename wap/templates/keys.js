document.onkeydown=function(e){if(document.activeElement.name)return;var a=document.querySelector('a[accesskey="'+e.key+'"]');if(a){e.preventDefault();a.click()}};
