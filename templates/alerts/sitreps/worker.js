{% load static %}import '{% static "js/ui/report-worker.js" %}';
