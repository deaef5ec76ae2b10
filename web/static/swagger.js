const place = document.getElementById("swagger");
SwaggerUIBundle({ url: place.dataset.spec, domNode: place, deepLinking: true, validatorUrl: null });
